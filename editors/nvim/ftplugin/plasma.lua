-- What belongs to a buffer with a policy in it.

if vim.b.did_ftplugin then
  return
end
vim.b.did_ftplugin = true

local option = vim.bo
option.commentstring = '// %s'
option.comments = ':///,://'
option.expandtab = true
option.shiftwidth = 2
option.softtabstop = 2
option.suffixesadd = '.plasma'
vim.opt_local.formatoptions:append('croql')
vim.b.undo_ftplugin = 'setlocal commentstring< comments< expandtab< shiftwidth< softtabstop< suffixesadd< formatoptions<'

local plasma = require('plasma')

local function command(name, about, attributes)
  vim.api.nvim_buf_create_user_command(0, name, about, attributes)
end

command('PlasmaTest', function(given)
  plasma.execute('plasma.test', { name = given.args ~= '' and given.args or nil })
end, { nargs = '?', desc = 'Run the tests of this policy, or the one of a name' })
command('PlasmaCoverage', function()
  plasma.execute('plasma.coverage', {})
end, { desc = 'Tell what of this policy its tests reach' })
command('PlasmaPlan', function()
  plasma.execute('plasma.plan', {})
end, { desc = 'Plan on the attached cluster' })
command('PlasmaFirings', function(given)
  plasma.execute('plasma.firings', { rule = given.args })
end, { nargs = 1, desc = 'List where a rule fires in the attached trace' })

plasma.attach(vim.api.nvim_get_current_buf())
