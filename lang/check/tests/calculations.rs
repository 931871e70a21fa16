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
    later_calculation: "rate(server.cpu) > 80 => balance({Folder}, cpu);";
}
