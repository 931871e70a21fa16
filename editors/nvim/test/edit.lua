-- Edits the demo policy as a person does; ends with status 1 and what was seen if something is not as it should be.
-- Runs in every version of Neovim that the plugin is for.

-- Behind the last letter, where somebody types, is a place as well.
vim.o.virtualedit = 'onemore'

local PATIENCE_MS = 30000

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
end

--- Waits until a question is answered with anything but nothing.
local function until_seen(what, question)
  local seen
  local found = vim.wait(PATIENCE_MS, function()
    seen = question()
    return seen ~= nil and seen ~= false
  end, 20)
  assert(found, what .. ' was not seen; the text is:\n' .. text())
  return seen
end

local function errors()
  return vim.diagnostic.get(0, { severity = vim.diagnostic.severity.ERROR })
end

local function ask(method, line, column)
  vim.api.nvim_win_set_cursor(0, { line, column })
  local client = assert(require('plasma').client(0), 'no server')
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local answers = assert(vim.lsp.buf_request_sync(0, method, params, PATIENCE_MS), 'no answer to ' .. method)
  for _, answer in pairs(answers) do
    assert(answer.error == nil, vim.inspect(answer.error))
    return answer.result
  end
end

local function attaches()
  assert(vim.bo.filetype == 'plasma', 'the type of the file is ' .. vim.bo.filetype)
  assert(vim.bo.commentstring == '// %s')
  until_seen('the server', function()
    local client = require('plasma').client(0)
    return client ~= nil and vim.lsp.buf_is_attached(0, client.id)
  end)
end

local function keeps_the_layout()
  local policies = vim.fn.globpath(vim.env.PLASMA_STDLIB or '', '*.plasma', false, true)
  table.insert(policies, 'hot.plasma')
  for _, policy in ipairs(policies) do
    vim.cmd('silent edit ' .. policy)
    for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
      local indent = require('plasma.indent').of(number)
      local is_right = line == '' or #line:match('^ *') == indent
      assert(is_right, ('%s:%d is indented by %d, and not as `plasma fmt` does'):format(policy, number, indent))
    end
  end
end

local function is_coloured()
  local group = vim.fn.synIDattr(vim.fn.synID(7, 1, 1), 'name')
  assert(group == 'plasmaDeclaration', 'a rule is coloured as ' .. group)
end

local function tells_of_a_mistake_and_mends_it()
  vim.api.nvim_buf_set_lines(0, 7, 8, false, { '  server.cpu.perc > hight' })
  local found = until_seen('the mistake', function()
    return errors()[1]
  end)
  assert(found.message:find('hight', 1, true), found.message)
  vim.ui.select = function(items, _, choose)
    choose(items[1], 1)
  end
  vim.api.nvim_win_set_cursor(0, { 8, 22 })
  vim.lsp.buf.code_action()
  until_seen('the fix', function()
    return text():find('server.cpu.perc > high\n', 1, true)
  end)
  until_seen('no mistake', function()
    return #errors() == 0
  end)
end

local function explains()
  local hover = ask('textDocument/hover', 12, 6)
  assert(vim.inspect(hover):find('reserve', 1, true), vim.inspect(hover))
end

local function completes()
  vim.api.nvim_buf_set_lines(0, 9, 10, false, { '  and f.cpu.perc > 30 and f.' })
  local result = ask('textDocument/completion', 10, 28)
  local labels = vim.tbl_map(function(item)
    return item.label
  end, result.items or result)
  assert(vim.tbl_contains(labels, 'cpu'), vim.inspect(labels))
  vim.api.nvim_buf_set_lines(0, 9, 10, false, { '  and f.cpu.perc > 30' })
end

local function renames()
  vim.api.nvim_win_set_cursor(0, { 4, 7 })
  vim.lsp.buf.rename('busy')
  until_seen('the new name', function()
    return text():find('param busy = 80%', 1, true) and text():find('server.cpu.perc > busy', 1, true)
  end)
end

local function carries_out_commands()
  local told
  vim.notify = function(message)
    told = message
  end
  vim.cmd('PlasmaTest')
  until_seen('the result of the tests', function()
    return told
  end)
  assert(told:find('2 passed, 0 failed', 1, true), told)
  until_seen('the attached cluster', function()
    told = nil
    vim.cmd('PlasmaPlan')
    vim.wait(2000, function()
      return told ~= nil
    end, 20)
    return told and told:find('plan on', 1, true)
  end)
end

local function reads_the_library()
  vim.api.nvim_set_current_win(vim.fn.win_findbuf(vim.fn.bufnr('hot.plasma'))[1])
  vim.api.nvim_win_set_cursor(0, { 1, 11 })
  vim.cmd('silent update')
  vim.lsp.buf.definition()
  until_seen('the module', function()
    return text():find('The servers do about the same', 1, true)
  end)
end

--- The server ends first: Neovim that quits while it still speaks with one that is gone dies of it.
local function ends()
  local list = vim.lsp.get_clients or vim.lsp.get_active_clients
  vim.lsp.stop_client(list())
  until_seen('the end of the server', function()
    return next(list()) == nil
  end)
end

local stories = {
  attaches, keeps_the_layout, is_coloured, tells_of_a_mistake_and_mends_it, explains, completes, renames,
  carries_out_commands, reads_the_library,
  ends,
}

dofile(vim.fn.fnamemodify(debug.getinfo(1, 'S').source:sub(2), ':p:h') .. '/run.lua')(stories)
