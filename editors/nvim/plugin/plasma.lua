if vim.g.loaded_plasma then
  return
end
vim.g.loaded_plasma = true
if vim.fn.has('nvim-0.7') == 1 then
  require('plasma').register()
end
