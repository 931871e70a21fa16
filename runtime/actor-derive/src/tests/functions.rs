//! `#[functions]`.

use insta::assert_snapshot;

use super::functions;

#[test]
fn each_function_becomes_a_call_and_a_method() {
    assert_snapshot!(functions(
        "
        impl Counter {
            /// The total so far.
            fn total(&self, _cx: &Context) -> u64 { self.total }

            fn add(&mut self, cx: &Context, amount: u64) { self.total += amount; }

            /// Adds to this counter and those after it.
            async fn add_all(
                &mut self,
                cx: &plasma_actor::Context,
                mut amount: u64,
                seen: Vec<Ref<Self>>,
            ) -> Result<u64, CallError> {
                Ok(self.total)
            }
        }
    "
    ));
}

#[test]
fn activated_is_not_callable() {
    assert_snapshot!(functions(
        "
        impl Index {
            fn activated(&mut self, cx: &Context, origin: Origin) {}
            fn set(&self, cx: &Context, on: bool, share: f64) -> Result<(), Full> { Ok(()) }
        }
    "
    ));
}
