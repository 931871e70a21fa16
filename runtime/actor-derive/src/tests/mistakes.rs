//! What is said about mistakes, and where.

use insta::assert_snapshot;

use super::{derive, functions};

#[test]
fn an_actor_is_a_plain_struct_with_named_fields() {
    assert_snapshot!(derive("struct folder<T> { inner: T }"));
    assert_snapshot!(derive("struct Pair(u64, u64);"));
    assert_snapshot!(derive("enum Light { Red, Green }"));
}

#[test]
fn options_of_an_actor() {
    assert_snapshot!(derive("#[actor(durability = none)] struct A;"));
    assert_snapshot!(derive("#[actor(durable = sync)] struct A;"));
    assert_snapshot!(derive("#[actor(checkpoint = \"soon\")] struct A;"));
    assert_snapshot!(derive("#[actor(checkpoint = \"0s\")] struct A;"));
    assert_snapshot!(derive(
        "#[actor(durable = none, checkpoint = \"1s\")] struct A;"
    ));
}

#[test]
fn fields_that_policies_cannot_see() {
    assert_snapshot!(derive(
        "
        struct Folder {
            files: HashMap<String, Ref<File>>,
            #[publish] names: Vec<String>,
            #[publish(percent)] open: bool,
            #[publish(percent)] total: u64,
            #[publish(ratio)] fill: f64,
            #[publish] age: u32,
            #[actor(hidden)] other: Ref<File>,
        }
    "
    ));
}

#[test]
fn fields_that_cannot_be_written() {
    assert_snapshot!(derive(
        "
        struct Folder {
            #[serde(default, skip_serializing_if = \"Option::is_none\")]
            title: Option<String>,
            #[serde(flatten)]
            rest: Rest,
        }
    "
    ));
}

#[test]
fn a_block_that_is_not_of_an_actor_type() {
    assert_snapshot!(functions("struct Folder;"));
    assert_snapshot!(functions(
        "impl Read for Folder { fn read(&self, cx: &Context) {} }"
    ));
    assert_snapshot!(functions(
        "impl<T> Folder<T> { fn read(&self, cx: &Context) {} }"
    ));
    assert_snapshot!(functions("impl Folder { const DEPTH: u32 = 3; }"));
}

#[test]
fn a_function_that_does_not_take_what_it_should() {
    assert_snapshot!(functions(
        "
        impl Folder {
            fn new(files: Vec<u8>) -> Self {}
            fn close(self, cx: &Context) {}
            fn boxed(self: Box<Self>, cx: &Context) {}
            fn count(&self) -> usize {}
            fn first(&self, index: usize) -> u8 {}
            fn context(&self, cx: Context) {}
            fn context_mut(&self, cx: &mut Context) {}
        }
    "
    ));
}

#[test]
fn arguments_and_replies_are_values() {
    assert_snapshot!(functions(
        "
        impl Folder {
            fn rename(&mut self, cx: &Context, name: &str) {}
            fn write(&mut self, cx: &Context, bytes: &[u8], at: &u64) {}
            fn find(&self, cx: &Context, names: Vec<&str>) -> Option<&File> {}
            fn label(&self, cx: &Context, name: Cow<'_, str>, place: Cow<'static, str>) {}
            fn each(&self, cx: &Context, visit: impl Fn(u8), other: Box<u8>) -> impl Iterator {}
            fn take(&self, cx: &Context, (left, right): (u8, u8), _: bool) {}
        }
    "
    ));
}

#[test]
fn functions_of_another_kind() {
    assert_snapshot!(functions(
        "
        impl Folder {
            fn open<T>(&self, cx: &Context, value: T) {}
            unsafe fn poke(&mut self, cx: &Context) {}
            #[cfg(test)]
            fn probe(&self, cx: &Context) {}
            fn clone(&self, cx: &Context) {}
            async fn activated(&mut self, cx: &Context) {}
        }
    "
    ));
}
