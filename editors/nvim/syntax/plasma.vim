" Colours for policies where no tree-sitter parser is installed. The language server refines them.

if exists('b:current_syntax')
  finish
endif

syntax match plasmaVariable /\<\l\w*\>/
syntax match plasmaType /\<\u\w*\>/
syntax match plasmaNumber /\<\d\+\%(\.\d\+\)\?\%(%\|\h\w*\)\?\%(\/s\w*\)\?/
syntax match plasmaOperator /=>\|⇒\|->\|[=!<>]=\|[-+*\/<>=?]\|\.\./
syntax keyword plasmaBoolean true false
syntax keyword plasmaBuiltin server client any
syntax keyword plasmaWord and or not in ref on for over where by at within per each until with step no
syntax match plasmaDeclaration /\<\%(rule\|param\|actor\|use\|def\|fn\|limit\|require\)\ze\s\+\h/
syntax match plasmaDeclaration /\<\%(test\|allow\)\ze\s*"/
syntax match plasmaAttribute /[[,]\s*\zs\%(priority\|cooldown\|release\|period\)\ze\s/
syntax match plasmaExpectation /\<\%(expect\|eventually\|never\|always\)\ze\s/
syntax match plasmaBehavior /\<\%(alert\|balance\|checkpoint\|colocate\|drain\|migrate\|passivate\|pin\|reserve\|scale_in\|scale_out\|separate\|spread\)\ze\s*(/
syntax match plasmaAggregate /\<\%(count\|sum\|min\|max\|avg\|stddev\|p50\|p90\|p99\|abs\|delta\|rate\|forecast\)\ze\s*(/
" Behind a dot and before a colon every word is a name.
syntax match plasmaProperty /\.\@1<!\.\s*\h\w*/hs=s+1
syntax match plasmaProperty /\<\h\w*\ze\s*:/
syntax match plasmaRule /\<rule\s\+\zs\h[-[:alnum:]_]*/
syntax region plasmaString start=/"/ skip=/\\./ end=/"/ oneline contains=plasmaEscape,plasmaHole
syntax match plasmaEscape /\\./ contained
syntax region plasmaHole matchgroup=plasmaEscape start=/{{\@!/ end=/}/ contained oneline contains=plasmaProperty,plasmaVariable,plasmaType,plasmaBuiltin,plasmaNumber
syntax match plasmaComment +//.*$+ contains=@Spell
syntax match plasmaDoc +///.*$+ contains=@Spell
syntax region plasmaComment start=+/\*+ end=+\*/+ contains=@Spell
syntax sync minlines=200

highlight default link plasmaType Type
highlight default link plasmaNumber Number
highlight default link plasmaOperator Operator
highlight default link plasmaBoolean Boolean
highlight default link plasmaBuiltin Special
highlight default link plasmaWord Keyword
highlight default link plasmaDeclaration Keyword
highlight default link plasmaAttribute Keyword
highlight default link plasmaExpectation Statement
highlight default link plasmaBehavior Function
highlight default link plasmaAggregate Function
highlight default link plasmaProperty Identifier
highlight default link plasmaRule Label
highlight default link plasmaString String
highlight default link plasmaEscape SpecialChar
highlight default link plasmaComment Comment
highlight default link plasmaDoc SpecialComment

let b:current_syntax = 'plasma'
