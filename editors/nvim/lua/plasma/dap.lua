-- Policies on recorded traces, in the debugger nvim-dap.

local M = {}

local plasma = require('plasma')

--- How nvim-dap starts the debug adapter. The program may still be set afterwards.
local function adapter(run)
  -- Modules of the library lie in no file.
  local options = { source_filetype = 'plasma' }
  run({ type = 'executable', command = plasma.program(), args = { 'dap' }, options = options })
end

--- The trace: the attached one, or one that is asked for.
local function trace()
  local attached = plasma.settings().attach
  if attached and attached ~= '' and not attached:find('://', 1, true) then
    return vim.fn.fnamemodify(attached, ':p')
  end
  local found = vim.fn.globpath(vim.fn.getcwd(), '**/*.jsonl', false, true)
  local chosen = vim.fn.input('Trace: ', found[1] and vim.fn.fnamemodify(found[1], ':.') or '', 'file')
  return chosen ~= '' and vim.fn.fnamemodify(chosen, ':p') or require('dap').ABORT
end

local function configuration(name, about)
  local launch = { type = 'plasma', request = 'launch', name = name, program = '${file}', trace = trace }
  return vim.tbl_extend('error', launch, about)
end

--- Halts where a rule does what the field `rules` of a configuration says: `hot_folder nearly 5%`. Breakpoints of
--- nvim-dap have no modes, and none is on a name.
local function set_on_names(session)
  local names = session.config.type == 'plasma' and session.config.rules or {}
  local breakpoints = vim.tbl_map(function(name)
    return { name = name }
  end, names)
  if #breakpoints == 0 then
    return
  end
  session:request('setFunctionBreakpoints', { breakpoints = breakpoints }, function(error, answer)
    for number, told in ipairs(answer and answer.breakpoints or {}) do
      if not told.verified then
        vim.notify(('plasma: `%s`: %s'):format(names[number], told.message), vim.log.levels.WARN)
      end
    end
    if error then
      vim.notify('plasma: ' .. error.message, vim.log.levels.ERROR)
    end
  end)
end

--- Tells nvim-dap of the debug adapter, and of what there is to debug in a policy.
function M.setup()
  local dap = require('dap')
  dap.adapters.plasma = adapter
  dap.configurations.plasma = dap.configurations.plasma
    or {
      configuration('on a trace, to the first halt', {}),
      configuration('on a trace, from the first tick', { stopOnEntry = true }),
    }
  dap.listeners.before.event_initialized.plasma = set_on_names
end

return M
