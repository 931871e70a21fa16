//! Builds the statements of cluster literals.

use super::{Builder, Range};
use crate::cluster::{
    ActorStatement, CallerName, CallsStatement, FieldValue, Figure, ServerStatement, Statement,
};
use crate::error::syntax_error;
use crate::number::Number;
use crate::tree::Name;

pub(crate) use crate::cluster::Field;

impl Builder<'_> {
    pub(crate) fn server_statement(
        &mut self,
        l: u32,
        name: Name,
        fields: Option<Vec<Field>>,
        r: u32,
    ) {
        let statement = ServerStatement {
            span: self.span(l, r),
            name: Some(name),
            fields: fields.unwrap_or_default(),
        };
        self.statements.push(Statement::Server(statement));
    }

    pub(crate) fn actor_statement(
        &mut self,
        (l, type_end): Range,
        name: Name,
        host: Option<Name>,
        fields: Option<Vec<Field>>,
        r: u32,
    ) {
        let statement = ActorStatement {
            span: self.span(l, r),
            type_name: self.name(l, type_end),
            name: Some(name),
            host,
            fields: fields.unwrap_or_default(),
        };
        self.statements.push(Statement::Actor(statement));
    }

    pub(crate) fn calls(
        &mut self,
        l: u32,
        caller: CallerName,
        (callee, function, figures): (Name, Option<Name>, Vec<Figure>),
        r: u32,
    ) {
        let statement = CallsStatement {
            span: self.span(l, r),
            caller,
            callee: Some(callee),
            function,
            figures,
        };
        self.statements.push(Statement::Calls(statement));
    }

    pub(crate) fn figure(&mut self, l: u32, r: u32) -> Figure {
        Figure {
            span: self.span(l, r),
            number: self.number_value(l, r),
        }
    }

    pub(crate) fn figure_hole(&mut self, hole: Range) -> Figure {
        Figure {
            span: self.span(hole.0, hole.1),
            number: None,
        }
    }

    pub(crate) fn field(
        &mut self,
        l: u32,
        name: Name,
        value_start: u32,
        value: FieldValue,
        r: u32,
    ) -> Box<Field> {
        Box::new(Field {
            span: self.span(l, r),
            name,
            value,
            value_span: self.span(value_start, r),
        })
    }

    pub(crate) fn field_number(&mut self, l: u32, r: u32, is_negative: bool) -> FieldValue {
        match self.number_value(l, r) {
            None => FieldValue::Hole,
            Some(number) if is_negative => FieldValue::Number(Number {
                value: -number.value,
                ..number
            }),
            Some(number) => FieldValue::Number(number),
        }
    }

    /// A name where a value belongs: a reference without its brackets.
    pub(crate) fn bare_name(&mut self, l: u32, r: u32) -> FieldValue {
        let name = self.name(l, r);
        let text = self.tree.name(name).to_owned();
        if !self.is_echo(l) {
            self.report(syntax_error::bare_reference(name.span, &text));
        }
        FieldValue::Names(vec![name])
    }

    /// A label without its quotes.
    pub(crate) fn bare_label(&mut self, value: Name) -> String {
        let text = self.tree.name(value).to_owned();
        self.report(syntax_error::bare_label(value.span, &text));
        text
    }

    pub(crate) fn unescaped(&self, l: u32, r: u32) -> String {
        self.tree.text_value(self.span(l, r))
    }
}
