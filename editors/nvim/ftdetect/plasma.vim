autocmd BufNewFile,BufRead *.plasma setfiletype plasma
