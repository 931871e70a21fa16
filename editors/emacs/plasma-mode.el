;;; plasma-mode.el --- Policies of Plasma -*- lexical-binding: t; -*-

;; Author: Plasma
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages

;;; Commentary:

;; Colours, indentation and comments for `.plasma' files, and the language server `plasma lsp' through
;; eglot: `M-x eglot' in a policy, or (add-hook 'plasma-mode-hook #'eglot-ensure).

;;; Code:

(require 'subr-x)

(defgroup plasma nil
  "Policies of Plasma."
  :group 'languages
  :prefix "plasma-")

(defcustom plasma-program "plasma"
  "The program `plasma': a name in the search path, or a path."
  :type 'string)

(defcustom plasma-settings nil
  "The section `plasma' of the settings, as the language server knows it.
A property list, as (:attach \"run.jsonl\" :inlayHints (:values :json-false)).
The server is told of it when it begins, when it is customized, and by
`plasma-apply-settings'."
  :type 'plist
  :set (lambda (name value)
         (set-default name value)
         (when (fboundp 'plasma-apply-settings)
           (plasma-apply-settings))))

(defconst plasma-indent-step 2
  "Spaces of one step, as `plasma fmt' has it.")

;;; Colours

(defconst plasma--behaviors
  '("alert" "balance" "checkpoint" "colocate" "drain" "migrate" "passivate" "pin" "reserve"
    "scale_in" "scale_out" "separate" "spread"))

(defconst plasma--aggregates
  '("count" "sum" "min" "max" "avg" "stddev" "p50" "p90" "p99" "abs" "delta" "rate" "forecast"))

(defconst plasma-font-lock-keywords
  (let ((name "[[:alpha:]_][[:alnum:]_]*"))
    `(;; Behind a dot and before a colon every word is a name.
      (,(concat "[^.]\\.\\(" name "\\)") 1 font-lock-variable-name-face)
      (,(concat "\\_<\\(rule\\)[ \t]+\\(" name "\\(?:-" name "\\)*\\)")
       (1 font-lock-keyword-face) (2 font-lock-function-name-face))
      (,(concat "\\_<\\(" name "\\)[ \t]*:") 1 font-lock-variable-name-face)
      (,(concat "\\_<\\(param\\)[ \t]+\\(" name "\\)")
       (1 font-lock-keyword-face) (2 font-lock-constant-face))
      (,(concat "\\_<\\(def\\)[ \t]+\\(" name "\\)")
       (1 font-lock-keyword-face) (2 font-lock-function-name-face))
      (,(concat "\\_<\\(fn\\)[ \t]+\\(" name "\\)")
       (1 font-lock-keyword-face) (2 font-lock-function-name-face))
      (,(concat "\\_<\\(use\\)[ \t]+\\(" name "\\(?:\\." name "\\)*\\)")
       (1 font-lock-keyword-face) (2 font-lock-constant-face t))
      (,(concat "\\_<\\(actor\\|limit\\|require\\)[ \t]+" name) 1 font-lock-keyword-face)
      ("\\_<\\(test\\|allow\\|until\\)[ \t]*\"" 1 font-lock-keyword-face)
      ("[[,][ \t]*\\(priority\\|cooldown\\|release\\|period\\)[ \t]" 1 font-lock-keyword-face)
      ("\\_<\\(expect\\|eventually\\|never\\|always\\)[ \t]" 1 font-lock-keyword-face)
      (,(concat (regexp-opt plasma--behaviors 'symbols) "[ \t]*(") 1 font-lock-builtin-face)
      (,(concat (regexp-opt plasma--aggregates 'symbols) "[ \t]*(") 1 font-lock-builtin-face)
      (,(regexp-opt '("and" "or" "not" "in" "ref" "on" "for" "over" "where" "by" "at" "within" "with"
                      "per" "each" "step" "no")
                    'symbols)
       . font-lock-keyword-face)
      (,(regexp-opt '("server" "client" "any") 'symbols) . font-lock-builtin-face)
      (,(regexp-opt '("true" "false") 'symbols) . font-lock-constant-face)
      ("\\_<[[:digit:]]+\\(?:\\.[[:digit:]]+\\)?\\(?:%\\|[[:alpha:]_]+\\)?" . font-lock-constant-face)
      ("\\_<[[:upper:]][[:alnum:]_]*" . font-lock-type-face)))
  "What words look like; the language server refines nothing here.")

(defvar plasma-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?_ "_" table)
    (modify-syntax-entry ?/ ". 124b" table)
    (modify-syntax-entry ?* ". 23" table)
    (modify-syntax-entry ?\n "> b" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?% "_" table)
    (dolist (sign '(?< ?> ?= ?+ ?- ?!))
      (modify-syntax-entry sign "." table))
    table))

;;; Indentation

(defun plasma--code (line)
  "LINE without its texts and comments."
  (replace-regexp-in-string "//.*" "" (replace-regexp-in-string "\"[^\"]*\"" "\"\"" line)))

(defun plasma--goes-on-p (first line braces)
  "Whether what began with the line FIRST goes on behind LINE, within so many BRACES.
In a cluster only expectations have a sign at their end."
  (and (not (string-match-p "[;{}][ \t]*\\'" line))
       (or (= braces 0)
           (string-match-p "\\`[ \t]*\\(?:expect\\|eventually\\|never\\|always\\)\\_>" first))))

(defun plasma--indentation ()
  "How far the present line is indented: by the brackets open, and by one more where an item goes on."
  (save-excursion
    (back-to-indentation)
    (let ((closes (if (looking-at-p "[])}]") 1 0))
          (end (line-beginning-position))
          (depth 0) (braces 0) (first nil))
      (goto-char (point-min))
      (while (< (point) end)
        (let ((line (plasma--code (buffer-substring-no-properties (point) (line-end-position)))))
          (unless (string-blank-p line)
            (dolist (sign (string-to-list line))
              (let ((change (cond ((memq sign '(?\( ?\[ ?{)) 1) ((memq sign '(?\) ?\] ?})) -1) (t 0))))
                (setq depth (+ depth change))
                (when (memq sign '(?{ ?}))
                  (setq braces (+ braces change)))))
            (setq first (or first line))
            (unless (plasma--goes-on-p first line braces)
              (setq first nil))))
        (forward-line))
      (* plasma-indent-step (max 0 (- (+ depth (if first 1 0)) closes))))))

(defun plasma-indent-line ()
  "Indent the present line as `plasma fmt' does."
  (interactive)
  (unless (nth 4 (syntax-ppss (line-beginning-position)))
    (let ((indentation (plasma--indentation))
          (is-before (<= (current-column) (current-indentation))))
      (if is-before
          (indent-line-to indentation)
        (save-excursion (indent-line-to indentation))))))

;;; The mode

;;;###autoload
(define-derived-mode plasma-mode prog-mode "Plasma"
  "Policies of Plasma: rules that say where actors live."
  (setq-local comment-start "// "
              comment-start-skip "//+[ \t]*"
              comment-end ""
              indent-tabs-mode nil
              tab-width plasma-indent-step
              indent-line-function #'plasma-indent-line
              font-lock-defaults '(plasma-font-lock-keywords)
              imenu-generic-expression
              '(("Rules" "^[ \t]*rule[ \t]+\\([[:alnum:]_-]+\\)" 1)
                ("Definitions" "^[ \t]*def[ \t]+\\([[:alnum:]_]+\\)" 1)
                ("Parameters" "^[ \t]*param[ \t]+\\([[:alnum:]_]+\\)" 1)
                ("Actors" "^[ \t]*actor[ \t]+\\([[:alnum:]_]+\\)" 1)
                ("Tests" "^[ \t]*test[ \t]+\"\\([^\"]+\\)\"" 1))
              electric-indent-chars (append "{}[]()" electric-indent-chars)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.plasma\\'" . plasma-mode))

;;; The language server

(declare-function eglot-current-server "eglot")
(declare-function jsonrpc-request "jsonrpc")
(defvar eglot-server-programs)
(defvar eglot-workspace-configuration)

(defun plasma-eglot-contact (&rest _)
  "How eglot starts the language server."
  (list plasma-program "lsp" :initializationOptions '(:showsResults t)))

(declare-function eglot-signal-didChangeConfiguration "eglot")

(defun plasma--with-settings (sections)
  "SECTIONS of the settings, those of other servers, and ours; a property list."
  (let (all)
    (if (consp (car sections))
        (pcase-dolist (`(,section . ,settings) sections)
          (setq all (plist-put all section settings)))
      (setq all (copy-sequence sections)))
    (plist-put all :plasma plasma-settings)))

(defun plasma-apply-settings ()
  "Tell the language server of `plasma-settings'."
  (interactive)
  (when (featurep 'eglot)
    (let ((known (default-value 'eglot-workspace-configuration)))
      ;; A function knows itself what there is to say.
      (unless (functionp known)
        (setq-default eglot-workspace-configuration (plasma--with-settings known))))
    (dolist (buffer (buffer-list))
      (with-current-buffer buffer
        (when (and (eq major-mode 'plasma-mode) (eglot-current-server))
          (eglot-signal-didChangeConfiguration (eglot-current-server)))))))

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(plasma-mode . plasma-eglot-contact))
  (when plasma-settings
    (plasma-apply-settings)))

(defun plasma--execute (command about)
  "Have the language server carry out COMMAND about this buffer and ABOUT, and show the result."
  (let* ((server (or (and (fboundp 'eglot-current-server) (eglot-current-server))
                     (user-error "The language server does not run: M-x eglot")))
         (uri (plasma--uri))
         (result (jsonrpc-request server :workspace/executeCommand
                                  `(:command ,command :arguments [(:uri ,uri ,@about)]))))
    (plasma--show result)))

(declare-function eglot--path-to-uri "eglot")
(declare-function eglot-path-to-uri "eglot")

(defun plasma--uri ()
  "The address of the policy in this buffer."
  (if (fboundp 'eglot-path-to-uri)
      (eglot-path-to-uri buffer-file-name)
    (eglot--path-to-uri buffer-file-name)))

(defun plasma--show (result)
  "Show what a command has found out: RESULT has a line and a text."
  (when-let ((text (plist-get result :text)))
    (with-current-buffer (get-buffer-create "*plasma*")
      (let ((inhibit-read-only t))
        (erase-buffer)
        (insert text)
        (goto-char (point-min)))
      (special-mode)
      (unless noninteractive (display-buffer (current-buffer)))))
  (when-let ((summary (plist-get result :summary)))
    (message "plasma: %s" summary)))

(defun plasma-test (&optional name)
  "Run the tests of this policy; with a prefix argument the one called NAME."
  (interactive (list (when current-prefix-arg (read-string "Test: "))))
  (plasma--execute "plasma.test" (when name (list :name name))))

(defun plasma-coverage ()
  "Tell what of this policy its tests reach."
  (interactive)
  (plasma--execute "plasma.coverage" nil))

(defun plasma-plan ()
  "Plan on the attached cluster."
  (interactive)
  (plasma--execute "plasma.plan" nil))

(defun plasma-firings (rule)
  "List where RULE fires in the attached trace."
  (interactive "sRule: ")
  (plasma--execute "plasma.firings" (list :rule rule)))

(let ((map plasma-mode-map))
  (define-key map (kbd "C-c C-t") #'plasma-test)
  (define-key map (kbd "C-c C-c") #'plasma-coverage)
  (define-key map (kbd "C-c C-p") #'plasma-plan)
  (define-key map (kbd "C-c C-f") #'plasma-firings))

(provide 'plasma-mode)
;;; plasma-mode.el ends here
