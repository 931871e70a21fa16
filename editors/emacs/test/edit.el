;;; edit.el --- Edits the demo policy as a person does -*- lexical-binding: t; -*-

;;; Commentary:

;; Ends with status 1 and what was seen if something is not as it should be.

;;; Code:

(require 'plasma-mode)
(setq plasma-settings '(:inlayHints (:server :json-false)))
(setq-default eglot-workspace-configuration '(:another (:answer 42)))
(require 'eglot)

(defun until-seen (what question)
  "Wait until QUESTION is answered with anything but nil, or tell that WHAT was not seen."
  (let ((tries 600) (seen nil))
    (while (and (not (setq seen (funcall question))) (> tries 0))
      (setq tries (1- tries))
      (accept-process-output nil 0.05))
    (unless seen
      (error "%s was not seen; the text is:\n%s" what (buffer-string)))
    seen))

(defun errors ()
  "The errors that are told of this buffer."
  (seq-filter (lambda (diagnostic) (eq (flymake-diagnostic-type diagnostic) 'eglot-error))
              (flymake-diagnostics)))

(defun pause ()
  "What Emacs does while nobody types: the server is told of changes, and mistakes are shown."
  (eglot--signal-textDocument/didChange)
  (flymake-start))

(defun at (line column)
  "Go to LINE, from 1, and COLUMN, from 0."
  (goto-char (point-min))
  (forward-line (1- line))
  (move-to-column column))

(defun has (text)
  "Whether TEXT stands in the policy."
  (string-search text (buffer-string)))

(defun keeps-the-layout (file)
  "Fail unless the lines of FILE are indented as they are."
  (with-temp-buffer
    (insert-file-contents file)
    (plasma-mode)
    (goto-char (point-min))
    (while (not (eobp))
      (unless (or (looking-at-p "$") (= (current-indentation) (plasma--indentation)))
        (error "%s:%d is indented by %d, and not as `plasma fmt' does"
               file (line-number-at-pos) (plasma--indentation)))
      (forward-line))))

(defun face-of (line column)
  "The face at a place."
  (font-lock-ensure)
  (at line column)
  (get-text-property (point) 'face))

(defun edit-policy ()
  "All of the stories."
  (mapc #'keeps-the-layout
        (append (directory-files (getenv "PLASMA_STDLIB") t "\\.plasma\\'") '("hot.plasma")))
  (find-file "hot.plasma")
  (unless (eq major-mode 'plasma-mode) (error "The mode is %s" major-mode))
  (unless (eq (face-of 7 0) 'font-lock-keyword-face) (error "`rule' looks like %s" (face-of 7 0)))
  (unless (eq (face-of 6 0) 'font-lock-comment-delimiter-face)
    (error "A comment looks like %s" (face-of 6 0)))
  (unless (assoc "hot_folder" (cdr (assoc "Rules" (imenu--make-index-alist t))))
    (error "The rule is not in the index"))
  (eglot '(plasma-mode) (eglot--current-project) 'eglot-lsp-server (plasma-eglot-contact) "plasma")
  (until-seen "The server" #'eglot-current-server)
  ;; A mistake is told, and mended by a quick fix.
  (at 8 24)
  (insert "t")
  (pause)
  (let ((found (car (until-seen "The mistake" #'errors))))
    (unless (string-search "hight" (flymake-diagnostic-text found))
      (error "The mistake is: %s" (flymake-diagnostic-text found))))
  (at 8 22)
  (cl-letf (((symbol-function 'completing-read) (lambda (_prompt choices &rest _) (caar choices)))
            ((symbol-function 'tmm-prompt) (lambda (menu &rest _) (cdadr menu))))
    (eglot-code-actions (point) (point) "quickfix" t))
  (until-seen "The fix" (lambda () (has "server.cpu.perc > high\n")))
  (pause)
  (until-seen "No mistake" (lambda () (null (errors))))
  ;; What is under the cursor is told.
  (at 12 6)
  (let* ((server (eglot-current-server))
         (hover (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams))))
    (unless (string-search "reserve" (format "%s" hover)) (error "The hover is %s" hover)))
  ;; A completion is accepted.
  (at 10 21)
  (insert " and f.cp")
  (pause)
  (completion-at-point)
  (until-seen "The completion" (lambda () (has "f.cpu.perc > 30 and f.cpu\n")))
  (delete-region (- (point) (length " and f.cpu")) (point))
  ;; A name is changed wherever it stands.
  (pause)
  (at 4 7)
  (eglot-rename "busy")
  (until-seen "The new name" (lambda () (and (has "param busy = 80%") (has "server.cpu.perc > busy"))))
  ;; The server's commands show what they find out.
  (pause)
  (plasma-test)
  (unless (string-search "a cold server is left alone"
                         (with-current-buffer "*plasma*" (buffer-string)))
    (error "The result is: %s" (with-current-buffer "*plasma*" (buffer-string))))
  (keeps-to-the-settings))

(defun hover ()
  "What is told of the thing under the cursor."
  (let ((server (eglot-current-server)))
    (format "%s" (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams)))))

(defun hints ()
  "What the server shows within the text: whose host `server' is, and what is measured."
  (let* ((end `(:line ,(line-number-at-pos (point-max)) :character 0))
         (range `(:start (:line 0 :character 0) :end ,end))
         (parameters `(:textDocument (:uri ,(plasma--uri)) :range ,range)))
    (mapconcat (lambda (hint) (plist-get hint :label))
               (jsonrpc-request (eglot-current-server) :textDocument/inlayHint parameters) "\n")))

(defun keeps-to-the-settings ()
  "Fail unless the server does as `plasma-settings' says, and as it says then."
  ;; Those made before it began, beside those of another server.
  (let ((sections (eglot--workspace-configuration-plist (eglot-current-server))))
    (unless (equal sections `(:another (:answer 42) :plasma ,plasma-settings))
      (error "The settings are %S" sections)))
  (until-seen "The values" (lambda () (string-search "✓" (hints))))
  (when (string-search "f." (hints)) (error "The host is shown: %s" (hints)))
  (at 8 10)
  (until-seen "The trace of the project" (lambda () (string-search "run.jsonl" (hover))))
  (copy-file "run.jsonl" "other.jsonl" t)
  (setq-default eglot-workspace-configuration '((:pylsp . (:plugins nil))))
  (setq plasma-settings '(:attach "other.jsonl"))
  (plasma-apply-settings)
  (until-seen "The trace of the settings" (lambda () (string-search "other.jsonl" (hover))))
  (unless (plist-member (default-value 'eglot-workspace-configuration) :pylsp)
    (error "The settings of another server are gone"))
  (customize-set-variable 'plasma-settings nil)
  (until-seen "The trace of the project again" (lambda () (string-search "run.jsonl" (hover))))
  (unless (string-search "f." (hints)) (error "The host is not shown: %s" (hints))))

(condition-case problem
    (progn (edit-policy) (kill-emacs 0))
  (error (message "%s" (error-message-string problem)) (kill-emacs 1)))
;;; edit.el ends here
