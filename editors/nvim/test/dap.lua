-- Stands in for nvim-dap, which is in no registry that tests may use: as much of its interface as `debug.lua` needs.
-- Made after https://github.com/mfussenegger/nvim-dap at 9e848e0; with NVIM_DAP=FOLDER, the tests run in nvim-dap itself.

local M = { ABORT = {}, adapters = {}, configurations = {} }

--- What is called before and after the debugger does something itself, by the event or command.
local function hooks()
  return setmetatable({}, {
    __index = function(all, key)
      rawset(all, key, {})
      return all[key]
    end,
  })
end
M.listeners = { before = hooks(), after = hooks() }

local session
--- Lines with breakpoints, by file.
local breakpoints = {}

local Session = {}
Session.__index = Session

function Session:send(message)
  self.seq = self.seq + 1
  message.seq = self.seq
  local body = vim.fn.json_encode(message)
  self.input:write(('Content-Length: %d\r\n\r\n%s'):format(#body, body))
  return self.seq
end

function Session:request(command, arguments, done)
  local message = { type = 'request', command = command, arguments = arguments or vim.empty_dict() }
  self.waiting[self:send(message)] = done or function() end
end

--- Sends all that it halts at, and then that this was all.
function Session:initialized()
  for path, lines in pairs(breakpoints) do
    self:request('setBreakpoints', { source = { path = path }, breakpoints = lines })
  end
  self:request('setExceptionBreakpoints', { filters = {} })
  self:request('configurationDone')
end

function Session:stopped(body)
  self.stopped_thread_id = body.threadId
  self:request('stackTrace', { threadId = body.threadId }, function(_, answer)
    self.current_frame = answer.stackFrames[1]
  end)
end

function Session:ended()
  self:request('disconnect', nil, function()
    self.input:close()
    session = nil
  end)
end

function Session:hear(message)
  if message.type == 'response' then
    local done = self.waiting[message.request_seq]
    self.waiting[message.request_seq] = nil
    done(not message.success and { message = message.message } or nil, message.body)
    return
  end
  local event = 'event_' .. message.event
  for _, when in ipairs({ 'before', 'after' }) do
    for _, hook in pairs(M.listeners[when][event]) do
      hook(self, message.body)
    end
    local own = ({ initialized = self.initialized, stopped = self.stopped, terminated = self.ended })[message.event]
    if when == 'before' and own then
      own(self, message.body)
    end
  end
end

--- Takes in what comes, message by message.
function Session:take(chunk)
  self.received = self.received .. chunk
  while true do
    local head, last = self.received:find('\r\n\r\n', 1, true)
    local length = head and tonumber(self.received:sub(1, head):match('Content%-Length: (%d+)'))
    if not length or #self.received < last + length then
      return
    end
    local message = vim.fn.json_decode(self.received:sub(last + 1, last + length))
    self.received = self.received:sub(last + length + 1)
    self:hear(message)
  end
end

--- A configuration with its functions called and its variables replaced.
local function filled(config)
  return vim.tbl_map(function(value)
    if type(value) == 'function' then
      value = value()
    end
    return type(value) == 'string' and value:gsub('${file}', vim.fn.expand('%:p')) or value
  end, config)
end

function M.run(config)
  config = filled(config)
  for _, value in pairs(config) do
    if value == M.ABORT then
      return
    end
  end
  M.adapters[config.type](function(adapter)
    local input, output = vim.loop.new_pipe(false), vim.loop.new_pipe(false)
    local own = setmetatable({ config = config, seq = 0, waiting = {}, received = '', input = input }, Session)
    local options = { args = adapter.args, stdio = { input, output, nil } }
    assert(vim.loop.spawn(adapter.command, options, function() end))
    output:read_start(vim.schedule_wrap(function(_, chunk)
      if chunk then
        own:take(chunk)
      end
    end))
    session = own
    own:request('initialize', { clientID = 'neovim', adapterID = 'nvim-dap' }, function()
      own:request(config.request, config, function(error)
        assert(error == nil, vim.inspect(error))
      end)
    end)
  end)
end

function M.session()
  return session
end

function M.toggle_breakpoint(condition)
  breakpoints[vim.fn.expand('%:p')] = { { line = vim.fn.line('.'), condition = condition } }
end

function M.clear_breakpoints()
  breakpoints = {}
end

local function going(command)
  return function()
    session:request(command, { threadId = session.stopped_thread_id })
  end
end
M.step_over, M.step_back = going('next'), going('stepBack')
M.continue, M.reverse_continue = going('continue'), going('reverseContinue')

function M.terminate()
  session:request('terminate')
end

return M
