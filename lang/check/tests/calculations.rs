//! Every mistake in what is calculated, published and related, as its reader sees it.

use crate::report::report_with_schema;

const SCHEMA: &str = "actor Folder {
  files: [File];
  depth: int;
  name: text;
  hot: bool;
}
actor File { }
";

macro_rules! reports {
    ($($(#[$doc:meta])* $name:ident: $source:expr;)*) => {$(
        $(#[$doc])*
        #[test]
        fn $name() {
            insta::assert_snapshot!(report_with_schema(SCHEMA, $source));
        }
    )*};
}

reports! {
    published_value_near: "Folder(f).dept > 5 => pin(f);";
    statistic_of_a_published_value: "Folder(f).depth.perc > 5 => pin(f);";
    published_text_as_number: "Folder(f).name > 5 => pin(f);";
    published_text_compared_in_order: "Folder(f).name > \"a\" => pin(f);";
    published_truth_compared: "Folder(f).hot > 5 => pin(f);";
    published_text_as_condition: "Folder(f).name => pin(f);";
    text_in_quotes_for_a_number: "Folder(f).cpu > \"80\" => pin(f);";
    text_as_condition: "\"a\" => pin(Folder);";
    text_calculated: "Folder(f).cpu + \"a\" > 5 => pin(f);";
    label_without_name: "server.label == \"a\" => pin(Folder);";
    label_without_quotes: "server.label(zone) == \"a\" => pin(Folder);";
    label_of_an_actor: "Folder(f).label(\"zone\") == \"a\" => pin(f);";
    more_after_a_label: "server.label(\"zone\").perc > 3 => pin(Folder);";
    label_as_number: "server.label(\"zone\") > 3 => pin(Folder);";
    gauge_of_a_server: "server.mailbox > 3 => pin(Folder);";
    gauge_of_an_actor: "Folder(f).actors > 3 => pin(f);";
    statistic_of_a_gauge: "Folder(f).mailbox.count > 3 => pin(f);";
    bytes_for_a_gauge: "Folder(f).idle > 3MB => pin(f);";
    host_is_no_server: "Folder(f) on File(x) and x in ref(f.files) => pin(f);";
    server_on_a_server: "server on server(s) => pin(Folder);";
    never_among_its_references: "Folder(x) in ref(File(f)) => colocate(x, f);";
    features_in_two_units_added: "server.cpu + server.mem.size > 80 => balance({Folder}, cpu);";
    constant_in_another_unit_added: "server.cpu + 10MB > 80 => balance({Folder}, cpu);";
    calculated_in_another_unit: "2 * server.mem.size > 80% => balance({Folder}, mem);";
    calculated_sums_in_two_units: "(server.cpu - 5) + (server.mem.size - 5KB) > 80 => balance({Folder}, mem);";
    product_in_no_unit: "server.mem.size * server.net.size > 80 => balance({Folder}, mem);";
    quotient_in_no_unit: "Folder(f).idle / f.mem.size > 80 => pin(f);";
    division_by_zero: "server.cpu / 0 > 80 => balance({Folder}, cpu);";
    rate_with_blanks: "Folder(f).net.size > 10KB / s => pin(f);";
    actor_calculated: "Folder(f) + 3 > 80 => pin(f);";
    unknown_param_calculated: "param high = 80%; server.cpu > hihg - 5 => balance({Folder}, cpu); server.cpu > high => balance({File}, cpu);";
    number_calculated_as_condition: "server.cpu + 3 => balance({Folder}, cpu);";
    calculated_for_an_actor: "server.cpu > 3 => pin(3 + 4);";
    text_for_an_actor: "server.cpu > 3 => pin(\"f\");";
    text_for_a_resource: "Folder(f).cpu > 3 => reserve(f, \"cpu\");";
    below_zero: "Folder(f).cpu > -5 => pin(f);";
    constants_out_of_range: "server.cpu > 80% + 30% => balance({Folder}, cpu);";
    abs_of_two: "abs(server.cpu, 3) > 3 => balance({Folder}, cpu);";
    aggregate_of_several_units: "max(server.cpu, server.mem.size) > 3 => balance({Folder}, cpu);";
    aggregate_of_nothing: "sum() > 3 => balance({Folder}, cpu);";
    aggregate_without_for: "sum(Folder(f).cpu where f.cpu > 3) > 3 => pin(f);";
    aggregate_for_a_bare_type: "sum(Folder.cpu for Folder) > 3 => pin(Folder);";
    aggregate_of_a_bare_type: "sum(File.cpu for Folder(f)) > 3 => pin(Folder);";
    aggregate_unknown: "average(f.cpu for Folder(f)) > 3 => pin(Folder);";
    aggregate_unknown_far: "frob(f.cpu for Folder(f)) > 3 => pin(Folder);";
    variable_of_an_aggregate_outside: "sum(f.cpu for Folder(f)) > 3 => pin(f);";
    aggregate_of_an_unknown_variable: "sum(g.cpu for Folder(f)) > 3 => pin(Folder);";
    aggregate_as_actor: "count(Folder(f)) > 3 => pin(count(Folder(f)));";
    change_without_window: "rate(server.cpu) > 80 => balance({Folder}, cpu);";
    change_of_two: "delta(server.cpu over 1m, 3) > 80 => balance({Folder}, cpu);";
    change_of_nothing: "delta() > 80 => balance({Folder}, cpu);";
    forecast_of_one: "forecast(server.cpu) > 80 => balance({Folder}, cpu);";
    forecast_of_a_window: "forecast(server.cpu over 1m, 1m) > 80 => balance({Folder}, cpu);";
    forecast_to_a_value: "forecast(server.cpu, server.mem) > 80 => balance({Folder}, cpu);";
    window_of_a_sum: "(server.cpu + server.mem) over 1m > 80 => balance({Folder}, cpu);";
    window_of_a_window: "(server.cpu over 1m) over 1m > 80 => balance({Folder}, cpu);";
    window_of_an_actor: "Folder(f) over 1m > 80 => pin(f);";
    window_of_a_reference: "Folder(f).files over 1m > 80 => pin(f);";
    window_in_percent: "server.cpu over 60% > 80 => balance({Folder}, cpu);";
    window_of_no_length: "server.cpu > 80 for 0s => balance({Folder}, cpu);";
    window_by_an_unknown_param: "server.cpu > 80 for loong => balance({Folder}, cpu);";
    window_missing: "server.cpu > 80 for => balance({Folder}, cpu);";
    window_of_a_number: "server.cpu for 30s => balance({Folder}, cpu);";
    window_for_greater: "server.cpu over 80 => balance({Folder}, cpu);";
    share_over_time_as_ratio: "server.cpu over 60s > 0.8 => balance({Folder}, cpu);";
    share_over_time_out_of_range: "p99(server.cpu over 60s) > 180 => balance({Folder}, cpu);";
    rate_in_wrong_unit: "rate(server.mem.size over 60s) > 3MB => balance({Folder}, mem);";
    window_in_a_requirement: "require pin(Folder(f)) where f.depth over 60s > 3;";
    sustained_in_a_requirement: "require pin(Folder(f)) where f.depth > 3 for 30s;";
}
