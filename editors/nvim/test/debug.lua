-- Debugs the demo policy on its trace as a person does, with nvim-dap or what stands in for it; ends with status 1 and
-- what was seen if something is not as it should be.

local PATIENCE_MS = 30000

local here = vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h')
-- The plugin of today is for the Neovim of today.
if (vim.env.NVIM_DAP or '') ~= '' and vim.fn.has('nvim-0.11') == 1 then
  vim.opt.runtimepath:prepend(vim.env.NVIM_DAP)
  vim.cmd('runtime plugin/dap.lua')
else
  package.preload.dap = function()
    return dofile(here .. '/dap.lua')
  end
end
local dap = require('dap')

--- Where it has halted last, and the frame before that.
local halted, left

--- Waits until it has halted at a time, and the frames are there.
local function at(time)
  local found = vim.wait(PATIENCE_MS, function()
    local session = dap.session()
    local frame = session and session.current_frame
    return halted == ('t = %d s'):format(time) and frame ~= nil and frame ~= left
  end, 20)
  assert(found, ('it has not halted at %d s, but: %s'):format(time, tostring(halted)))
  return dap.session().current_frame
end

--- What the adapter answers.
local function ask(command, arguments)
  local answer
  dap.session():request(command, arguments, function(error, body)
    answer = error or body
  end)
  assert(vim.wait(PATIENCE_MS, function()
    return answer ~= nil
  end, 20), 'no answer to ' .. command)
  return answer
end

local function watch(expression)
  return ask('evaluate', { expression = expression, frameId = dap.session().current_frame.id, context = 'watch' }).result
end

local function go(how)
  halted, left = nil, dap.session() and dap.session().current_frame
  how()
end

local function run(config)
  go(function()
    dap.run(config)
  end)
end

local function stop()
  dap.terminate()
  assert(vim.wait(PATIENCE_MS, function()
    return dap.session() == nil
  end, 20), 'the session does not end')
end

local function is_offered()
  require('plasma.dap').setup()
  dap.listeners.after.event_stopped.test = function(_, body)
    halted = body.description
  end
  local names = vim.tbl_map(function(config)
    return config.name
  end, dap.configurations.plasma)
  assert(vim.deep_equal(names, { 'on a trace, to the first halt', 'on a trace, from the first tick' }), vim.inspect(names))
end

--- Without a setting, the trace is asked for; the one of the folder is proposed.
local function asks_for_the_trace()
  local proposed
  vim.fn.input = function(_, default)
    proposed = default
    return ''
  end
  dap.run(dap.configurations.plasma[1])
  assert(vim.wait(PATIENCE_MS, function()
    return proposed ~= nil
  end, 20), 'no trace is asked for')
  assert(proposed == 'run.jsonl', tostring(proposed))
  assert(dap.session() == nil, 'it is debugged without a trace')
  require('plasma').setup({ settings = { attach = 'run.jsonl' } })
end

local function halts_where_a_rule_fires()
  vim.api.nvim_win_set_cursor(0, { 7, 0 })
  dap.toggle_breakpoint('f.cpu.perc > 53')
  run(dap.configurations.plasma[1])
  local frame = at(40)
  assert(frame.name:find('hot_folder: f = photos', 1, true), frame.name)
  assert(frame.line == 7 and frame.source.path == vim.fn.expand('%:p'), vim.inspect(frame))
  assert(watch('f.cpu.perc') == '55 %', watch('f.cpu.perc'))
end

local function goes_back_and_on()
  go(dap.step_back)
  at(30)
  assert(watch('f.cpu.perc') == '52 %', watch('f.cpu.perc'))
  go(dap.step_back)
  local frame = at(20)
  assert(frame.name:find('hot_folder does not fire', 1, true), frame.name)
  local far = watch('server.cpu.perc > high')
  assert(far:find('6 % away', 1, true), far)
  go(dap.step_over)
  at(30)
  go(dap.continue)
  at(40)
  go(dap.reverse_continue)
  at(10)
  dap.clear_breakpoints()
  stop()
end

local function halts_where_a_rule_nearly_fires()
  local config = vim.tbl_extend('force', dap.configurations.plasma[1], { rules = { 'hot_folder nearly', 'cold fires' } })
  local told
  vim.notify = function(message)
    told = message
  end
  run(config)
  local frame = at(20)
  assert(frame.name:find('hot_folder does not fire', 1, true), frame.name)
  assert(told and told:find('there is no rule `cold`', 1, true), tostring(told))
  stop()
end

local function begins_at_the_first_tick()
  run(dap.configurations.plasma[2])
  at(10)
  stop()
end

--- A module of the library lies in no file: the adapter gives its text.
local function halts_in_the_library()
  local config = vim.tbl_extend('force', dap.configurations.plasma[1], { rules = { 'balance.even_cpu suppressed' } })
  run(config)
  local frame = at(40)
  assert(frame.name:find('balance.even_cpu', 1, true), frame.name)
  local text = ask('source', { source = frame.source, sourceReference = frame.source.sourceReference }).content
  assert(text:find('rule even_cpu', 1, true), text)
  stop()
end

local stories = {
  is_offered, asks_for_the_trace, halts_where_a_rule_fires, goes_back_and_on, halts_where_a_rule_nearly_fires,
  begins_at_the_first_tick, halts_in_the_library,
}

dofile(here .. '/run.lua')(stories)
