//! Builds what a policy takes from elsewhere and names: parameters, definitions and used modules.

use super::{Builder, Range};
use crate::error::syntax_error;
use crate::tree::{
    DefDecl, DefParam, ExprId, ExprKind, Item, ModuleSetting, Name, ParamDecl, UseDecl, Word,
    WordKind,
};

impl Builder<'_> {
    /// `param high = 80%;`
    pub(crate) fn param(&mut self, l: u32, name: Option<Name>, value: ExprId, r: u32) {
        let value = self.param_value(value);
        if let Some(name) = name {
            // An actor type is called like one.
            match self.tree.expr(value).kind {
                ExprKind::Word(_) => self.expect_upper(name, "a parameter that is an actor type"),
                ExprKind::Hole => {}
                _ => self.expect_lower(name, "a parameter's name"),
            }
        }
        let param = ParamDecl {
            span: self.span(l, r),
            docs: self.docs(l),
            name,
            value,
        };
        self.item(Item::Param(param));
    }

    /// The value of a parameter; a hole if that is reported.
    fn param_value(&mut self, value: ExprId) -> ExprId {
        let found = self.tree.expr(value);
        let is_value = match found.kind {
            ExprKind::Number(_) | ExprKind::Bool(_) | ExprKind::Hole => true,
            ExprKind::Word(word) => matches!(word.kind, WordKind::Upper | WordKind::Any),
            _ => false,
        };
        if is_value {
            return value;
        }
        let text = match found.kind {
            ExprKind::Text => Some(self.tree.text_value(found.span)),
            _ => None,
        };
        let diagnostic = syntax_error::param_value(found.span, text.as_deref());
        self.report(diagnostic);
        self.hole((found.span.start, found.span.end))
    }

    /// A parameter without a value.
    pub(crate) fn broken_param(&mut self, l: u32, name: Name, hole: Range, r: u32) {
        let value = self.hole(hole);
        self.param(l, Some(name), value, r);
    }

    /// `use std.hotspot with { share = 40% };`
    pub(crate) fn use_module(
        &mut self,
        l: u32,
        path: Vec<Name>,
        settings: Option<Vec<ModuleSetting>>,
        r: u32,
    ) {
        for name in &path {
            self.expect_lower(*name, "the name of a module");
        }
        let module = UseDecl {
            span: self.span(l, r),
            docs: self.docs(l),
            path,
            settings: settings.unwrap_or_default(),
        };
        self.item(Item::Use(module));
    }

    /// `share = 40%`
    pub(crate) fn module_setting(
        &mut self,
        l: u32,
        name: Name,
        value: ExprId,
        r: u32,
    ) -> ModuleSetting {
        let found = self.tree.expr(value);
        let is_value = match found.kind {
            ExprKind::Number(_) | ExprKind::Bool(_) | ExprKind::Hole => true,
            ExprKind::Word(word) => {
                matches!(word.kind, WordKind::Upper | WordKind::Any | WordKind::Lower)
            }
            _ => false,
        };
        let mut value = value;
        if !is_value {
            self.report(syntax_error::setting_value(found.span));
            value = self.hole((found.span.start, found.span.end));
        }
        ModuleSetting {
            span: self.span(l, r),
            name,
            value,
        }
    }

    /// `share: 40%`
    pub(crate) fn module_setting_with_colon(
        &mut self,
        l: u32,
        name: Name,
        colon: Range,
        value: ExprId,
        r: u32,
    ) -> ModuleSetting {
        let colon = self.span(colon.0, colon.1);
        self.report(syntax_error::setting_with_colon(colon));
        self.module_setting(l, name, value, r)
    }

    /// `def busy(s: server) = s.cpu.perc > 80;`
    pub(crate) fn definition(
        &mut self,
        l: u32,
        name: Name,
        params: Vec<DefParam>,
        body: ExprId,
        r: u32,
    ) {
        self.expect_lower(name, "the name of a definition");
        let definition = DefDecl {
            span: self.span(l, r),
            docs: self.docs(l),
            name,
            params,
            body,
        };
        self.item(Item::Def(definition));
    }

    /// `s: server`
    pub(crate) fn def_param(&mut self, l: u32, name: Name, ty: Option<Word>, r: u32) -> DefParam {
        self.expect_lower(name, "what a definition is about");
        let ty = ty.filter(|ty| {
            let is_type = ty.kind != WordKind::Client;
            if !is_type {
                self.report(syntax_error::client_as_type(ty.name.span));
            }
            is_type
        });
        DefParam {
            span: self.span(l, r),
            name,
            ty,
        }
    }
}
