//! The WINDOW_FUNCTIONS table: what is made of a measured value over time, besides aggregates.

/// What is made of a measured value over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WindowFunction {
    /// By how much it changed; of the number and the bytes of calls, all of them.
    Delta,
    /// The same per second.
    Rate,
    /// What it will be.
    Forecast,
}

/// One row of [`WINDOW_FUNCTIONS`].
#[derive(Clone, Copy, Debug)]
pub struct WindowFunctionRow {
    /// Which function.
    pub function: WindowFunction,
    /// The word in the language.
    pub name: &'static str,
    /// How it is used.
    pub usage: &'static str,
    /// What it means, for hover and the reference.
    pub doc: &'static str,
}

/// Every function over time of the language.
pub const WINDOW_FUNCTIONS: &[WindowFunctionRow] = &[
    WindowFunctionRow {
        function: WindowFunction::Delta,
        name: "delta",
        usage: "delta(VALUE over DURATION)",
        doc: "The last sample of the window less the first. Of `count` and `size` of calls, which are \
              per period: their sum.",
    },
    WindowFunctionRow {
        function: WindowFunction::Rate,
        name: "rate",
        usage: "rate(VALUE over DURATION)",
        doc: "How much the value changes per second: `delta` divided by the time between the samples. \
              Of `count` and `size` of calls: their sum divided by the length of the window.",
    },
    WindowFunctionRow {
        function: WindowFunction::Forecast,
        name: "forecast",
        usage: "forecast(VALUE, DURATION)",
        doc: "What the value will be so much later, by Holt's method (level 0.5, trend 0.3). Unknown \
              with fewer than three samples since the last gap.",
    },
];

/// The row of the function called `name`.
#[inline]
pub fn window_function_row(name: &str) -> Option<&'static WindowFunctionRow> {
    WINDOW_FUNCTIONS.iter().find(|row| row.name == name)
}
