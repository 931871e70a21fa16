-- How far a line is indented: by the brackets that are open, and by one more where an item goes on.

local M = {}

local STEP = 2

--- A line without its texts and comments.
local function code(line)
  return (line:gsub('"[^"]*"', '""'):gsub('//.*$', ''))
end

local EXPECTATIONS = { expect = true, eventually = true, never = true, always = true }

--- Whether an item or statement goes on behind a line. In a cluster only expectations have a sign at their end.
local function goes_on(first, line, braces)
  local is_ended = line:match('[;{}]%s*$') ~= nil
  return not is_ended and (braces == 0 or EXPECTATIONS[first:match('%a+')] == true)
end

--- The number of spaces before a line.
--- @param number integer from 1
--- @return integer
function M.of(number)
  local depth, braces, first = 0, 0, nil
  for _, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, number - 1, false)) do
    local text = code(line)
    if text:match('%S') then
      for sign in text:gmatch('[%[%](){}]') do
        local change = sign:match('[%[({]') and 1 or -1
        depth = depth + change
        braces = braces + (sign:match('[{}]') and change or 0)
      end
      first = first or text
      if not goes_on(first, text, braces) then
        first = nil
      end
    end
  end
  local line = vim.api.nvim_buf_get_lines(0, number - 1, number, false)[1] or ''
  depth = depth + (first ~= nil and 1 or 0) - (line:match('^%s*[%])}]') and 1 or 0)
  return math.max(depth, 0) * STEP
end

return M
