-- Runs stories one after the other and ends Neovim: with status 1 and what was seen if one fails.

return function(stories)
  local ok, error = xpcall(function()
    for _, story in ipairs(stories) do
      story()
    end
  end, debug.traceback)
  if not ok then
    io.stderr:write(error .. '\n')
    vim.cmd('cquit 1')
  end
  vim.cmd('qa!')
end
