-- The language server of Plasma in Neovim: started, asked, and its answers shown.

local M = {}

local LIBRARY_SCHEME = 'plasma-std'
local COMMANDS = { 'plasma.test', 'plasma.coverage', 'plasma.plan', 'plasma.firings' }

--- What can be set: see `:help plasma-settings`.
local options = {
  cmd = { 'plasma', 'lsp' },
  --- The section `plasma` of the settings, as the server knows it.
  settings = {},
}

--- Changes the settings, before a policy is opened.
--- @param given table? `cmd`, `settings`
function M.setup(given)
  options = vim.tbl_deep_extend('force', options, given or {})
end

--- The program `plasma`.
function M.program()
  return options.cmd[1]
end

--- The section `plasma` of the settings.
function M.settings()
  return options.settings
end

--- What a client for the server is made with.
function M.config()
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  capabilities.workspace.textDocumentContent = { dynamicRegistration = false }
  return {
    name = 'plasma',
    cmd = options.cmd,
    filetypes = { 'plasma' },
    root_markers = { 'plasma.toml', '.git' },
    capabilities = capabilities,
    settings = { plasma = options.settings },
    init_options = { showsResults = true },
  }
end

--- The folder of a file's project, or its own.
local function root(bufnr)
  local folder = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(bufnr), ':p:h')
  local project = vim.fn.findfile('plasma.toml', vim.fn.escape(folder, ' ,;') .. ';')
  return project ~= '' and vim.fn.fnamemodify(project, ':p:h') or folder
end

--- Clients of Neovim 0.7, which does not find its own by root, by that.
local started = {}

--- Attaches the server to a buffer, and starts it if need be. Neovim 0.11 does so itself.
--- @param bufnr integer
function M.attach(bufnr)
  if vim.g.plasma_no_lsp or vim.bo[bufnr].buftype ~= '' or vim.fn.has('nvim-0.11') == 1 then
    return
  end
  if vim.fn.executable(options.cmd[1]) == 0 then
    vim.notify(M.missing(), vim.log.levels.WARN)
    return
  end
  local config = M.config()
  config.root_dir = root(bufnr)
  if vim.lsp.start then
    vim.lsp.start(config, { bufnr = bufnr })
    return
  end
  local id = started[config.root_dir]
  if id == nil or vim.lsp.get_client_by_id(id) == nil then
    id = vim.lsp.start_client(config)
    started[config.root_dir] = id
  end
  if id ~= nil then
    vim.lsp.buf_attach_client(bufnr, id)
  end
end

--- What people are told if the program is not there.
function M.missing()
  local program = options.cmd[1]
  return ('plasma: the program `%s` was not found. Install it with `cargo install --path cli`, or give its path: '):format(program)
    .. "require('plasma').setup({ cmd = { '/path/to/plasma', 'lsp' } })"
end

--- The server of a buffer; any that runs for one that is not its own.
function M.client(bufnr)
  local list = vim.lsp.get_clients or vim.lsp.get_active_clients
  local any
  for _, client in pairs(list()) do
    if client.name == 'plasma' then
      any = any or client
      if vim.lsp.buf_is_attached(bufnr, client.id) then
        return client
      end
    end
  end
  return any
end

local function request(client, method, params, handler, bufnr)
  if vim.fn.has('nvim-0.11') == 1 then
    return client:request(method, params, handler, bufnr)
  end
  return client.request(method, params, handler, bufnr)
end

--- Shows what a command has found out: a line as a message, more in a window below.
function M.show(result)
  local lines = vim.split(result.text, '\n', { trimempty = true })
  if #lines > 1 then
    vim.cmd('botright new')
    local bufnr = vim.api.nvim_get_current_buf()
    vim.bo[bufnr].buftype = 'nofile'
    vim.bo[bufnr].bufhidden = 'wipe'
    vim.bo[bufnr].swapfile = false
    vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, lines)
    vim.bo[bufnr].modifiable = false
    vim.api.nvim_win_set_height(0, math.min(#lines, 15))
    vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = bufnr })
    vim.cmd('wincmd p')
  end
  vim.notify('plasma: ' .. result.summary)
end

--- Has the server carry out a command about the present buffer, and shows the result.
--- @param command string `plasma.test` and so on
--- @param about table what it is about, beside the buffer
function M.execute(command, about)
  local bufnr = vim.api.nvim_get_current_buf()
  local client = M.client(bufnr)
  if client == nil then
    vim.notify('plasma: the language server does not run', vim.log.levels.ERROR)
    return
  end
  about.uri = about.uri or vim.uri_from_bufnr(bufnr)
  local params = { command = command, arguments = { about } }
  request(client, 'workspace/executeCommand', params, function(error, result)
    if error ~= nil then
      vim.notify('plasma: ' .. error.message, vim.log.levels.ERROR)
    elseif type(result) == 'table' and result.summary ~= nil then
      M.show(result)
    end
  end, bufnr)
end

--- Fills a buffer with a policy of the library, which lies in no file.
local function read_library(bufnr, uri)
  local client = M.client(bufnr)
  if client == nil then
    return
  end
  local answer
  request(client, 'workspace/textDocumentContent', { uri = uri }, function(_, result)
    answer = result or false
  end, bufnr)
  vim.wait(5000, function()
    return answer ~= nil
  end, 10)
  local text = answer and answer.text or ''
  vim.api.nvim_buf_set_lines(bufnr, 0, -1, false, vim.split(text, '\n', { trimempty = true }))
  vim.bo[bufnr].modified = false
  vim.bo[bufnr].modifiable = false
  -- Before its type is known: for a file, another server would be started.
  vim.bo[bufnr].buftype = 'nofile'
  vim.bo[bufnr].filetype = 'plasma'
  vim.lsp.buf_attach_client(bufnr, client.id)
end

--- What is there from the beginning: the server for policies, the lenses, the library.
function M.register()
  for _, command in ipairs(COMMANDS) do
    vim.lsp.commands[command] = function(given)
      M.execute(command, given.arguments and given.arguments[1] or {})
    end
  end
  vim.api.nvim_create_autocmd('BufReadCmd', {
    pattern = LIBRARY_SCHEME .. '://*',
    callback = function(event)
      read_library(event.buf, event.match)
    end,
  })
  if vim.fn.has('nvim-0.11') == 1 and not vim.g.plasma_no_lsp then
    vim.lsp.enable('plasma')
  end
end

return M
