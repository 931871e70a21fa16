//! Every mistake that checking reports, as its reader sees it. One test a mistake.

use crate::report::{report, report_with_params, report_with_schema};

const SCHEMA: &str = "actor Folder {
  files: [File];
  parent: Folder?;
  depth: int;
  fn open;
  fn list;
}
actor File { fn read; fn write; }
";

const PARAM: &str = "param high = 80%;\nserver.cpu > high => balance({Folder}, cpu);";

/// Snapshots of reports on policies about folders and files.
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
    alert_about_nobody: "Folder(fo).cpu.perc > 80 => alert(\"{f} is hot\");";
    alert_of_an_unknown_type: "Folder(f).cpu.perc > 80 => alert(\"{Foldr(g)} is hot\");";
    alert_of_a_condition: "Folder(f).cpu.perc > 80 => alert(\"it is {f.cpu.perc > 90}\");";
    alert_cut_off: "Folder(f).cpu.perc > 80 => alert(\"it is {f.}!\");";
    alert_with_two_in_a_hole: "Folder(f).cpu.perc > 80 => alert(\"{f f}\");";
    alert_of_nothing: "Folder(f).cpu.perc > 80 => alert(\"{}\");";
    alert_with_bad_text: "Folder(f).cpu.perc > 80 => alert(\"{f.cpu.perc > 80 %%}\");";
    alert_not_closed: "Folder(f).cpu.perc > 80 => alert(\"{f is hot\");";
    alert_not_opened: "Folder(f).cpu.perc > 80 => alert(\"f} is hot\");";
    alert_with_a_rule: "Folder(f).cpu.perc > 80 => alert(\"{true => pin(f);}\");";
    alert_of_some_server: "server.cpu.perc > 80 => alert(\"{server.cpu.perc}\");";
    alert_of_some_actor: "Folder.cpu.perc > 80 => alert(\"{Folder.cpu.perc}\");";
    alert_without_quotes: "Folder(f).cpu.perc > 80 => alert(f);";
    alert_of_clients: "Folder(f).cpu.perc > 80 => alert(\"{client}\");";
    alert_bound_on_one_side: "Folder(f).cpu.perc > 80 or File(x).cpu.perc > 80 => alert(\"{f}\");";
    alert_required: "require alert(\"a\");";
    scale_by_none: "server.cpu.perc > 80 => scale_out(0);";
    scale_by_a_part: "server.cpu.perc > 80 => scale_out(1.5);";
    scale_by_less_than_none: "server.cpu.perc > 80 => scale_out(-2);";
    scale_by_a_server: "server(s).cpu.perc > 80 => scale_in(s);";
    scale_by_nothing: "server.cpu.perc < 20 => scale_in();";
    scale_by_a_sum: "server.cpu.perc < 20 => scale_in(1 + 1);";
    scale_in_percent: "param share = 40%;\nserver.cpu.perc < 20 => scale_in(share);";
    scale_by_an_unknown_param: "param step = 2;\nserver.cpu.perc < 20 => scale_in(stp);";
    scale_required: "require scale_out(1);";
    allow_without_reason: "rule hot [allow \"no-gap\"]: Folder(f).cpu.perc > 50 => pin(f);";
    allow_with_an_empty_reason: "allow \"no-gap\" \" \" until \"2027-01-31\";\ntrue => pin(Folder);";
    allow_without_day: "allow \"no-gap\" \"steps\";\ntrue => pin(Folder);";
    allow_until_no_day: "allow \"no-gap\" \"steps\" until \"2027-02-29\";\ntrue => pin(Folder);";
    allow_unknown_near: "allow \"no-gaps\" \"steps\" until \"2027-01-31\";\ntrue => pin(Folder);";
    allow_unknown_far: "allow \"lint\" \"steps\" until \"2027-01-31\";\ntrue => pin(Folder);";
    allow_an_error: "allow \"unknown-type\" \"steps\" until \"2027-01-31\";\ntrue => pin(Folder);";
    allow_what_has_expired: "allow \"expired-allow\" \"steps\" until \"2027-01-31\";\ntrue => pin(Folder);";
    allow_a_number: "rule hot [allow 5]: Folder(f).cpu.perc > 50 => pin(f);";
    allow_in_the_middle: "true => pin(Folder);\nallow \"no-gap\" \"steps\" until \"2027-01-31\";";
    unknown_type_near: "true => pin(Foldr(f));";
    /// Nothing is near: the types that there are, and no guess.
    unknown_type_far: "true => pin(Customer(c));";
    unknown_type_in_braces: "server.cpu > 80 => balance({Folder, file}, cpu);";
    /// One cause, one report: the other uses of the type say nothing.
    unknown_type_once: "Fodler(f).cpu.perc > 50 and client.call(f.open).count > 9 => reserve(Fodler(f), cpu);";
    unknown_type_lower_case: "client.call(folder(f).open).count > 10 => pin(f);";
    unknown_function_near: "client.call(Folder(f).opne).perc > 40 and f.cpu.perc > 9 => pin(f);";
    /// `read` is near to nothing that a folder offers, though a file offers it.
    unknown_function_of_another_type: "client.call(Folder(f).read).perc > 40 => pin(f);";
    unknown_function_of_any: "client.call(any(a).opn).perc > 40 => pin(a);";
    unknown_behavior: "true => reserv(Folder(f), cpu);";
    unknown_behavior_far: "true => replicate(Folder(f));";
    unknown_property_near: "File(x) in ref(Folder(f).fils) => colocate(f, x);";
    unknown_property_of_any: "File(x) in ref(any(f).item) => colocate(f, x);";
    unknown_property_is_function: "File(x) in ref(Folder(f).open) => colocate(f, x);";
    unknown_feature_of_server: "server.cpuu.perc > 80 => balance({Folder}, cpu);";
    unknown_feature_of_actor: "Folder(f).ram > 80 => pin(f);";
    unknown_feature_of_client: "client.calls(Folder(f).open).count > 80 => pin(f);";
    unknown_statistic_synonym: "server.cpu.percent > 80 => balance({Folder}, cpu);";
    unknown_statistic_far: "server.cpu.average > 80 => balance({Folder}, cpu);";
    nothing_after_a_statistic: "server.cpu.perc.max > 80 => balance({Folder}, cpu);";
    unknown_variable_near: "client.call(Folder(folder).open).count > 10 => pin(foldr);";
    /// One report, whose fix mends every use.
    unknown_variable_near_twice: "client.call(Folder(folder).open).count > 10 => pin(foldr); reserve(foldr, cpu);";
    unknown_variable_far: "client.call(Folder(f).open).count > 10 => pin(g);";
    unknown_variable_once: "x.cpu.perc > 10 and x.mem.perc > 20 => pin(x);";
    unknown_param_near: "param high = 80%; server.cpu > hihg => balance({Folder}, cpu); server.cpu > high => balance({File}, cpu);";
    /// A variable would be wrong here, however near its name is.
    unknown_param_not_a_variable: "Folder(hot).cpu.perc > hat => pin(hot);";
    duplicate_rule: "rule hot: Folder(f).cpu > 80 => pin(f);\nrule hot: Folder(f).mem > 80 => pin(f);";
    duplicate_param: "param high = 80%;\nparam high = 70%;\nserver.cpu > high => balance({Folder}, cpu);";
    duplicate_attribute: "rule hot [priority 1, priority 2]: Folder(f).cpu > 80 => pin(f);";
    variable_named_as_param: "param high = 80%;\nFolder(high).cpu.perc > 50 => pin(high);";
    two_types_of_a_variable: "Folder(f).cpu.perc > 50 and File(f).cpu.perc > 50 => pin(f);";
    server_and_actor_of_one_name: "server(s).cpu.perc > 50 and Folder(s).cpu.perc > 50 => pin(s);";
    no_count_of_a_resource: "server.cpu.count > 5 => balance({Folder}, cpu);";
    number_as_condition: "server.cpu => balance({Folder}, cpu);";
    actor_as_condition: "Folder(f) => pin(f);";
    constant_as_condition: "80 => balance({Folder}, cpu);";
    unknown_word_as_condition: "busy => balance({Folder}, cpu);";
    actor_compared_with_a_number: "Folder(f) > 80 => pin(f);";
    actors_have_no_order: "Folder(f) < Folder(g) => separate(f, g);";
    actor_compared_with_a_server: "Folder(f) == server(s) => pin(f);";
    client_compared: "Folder(f) == client => pin(f);";
    client_measured: "client.cpu.perc > 50 => balance({Folder}, cpu);";
    client_with_variable: "client(c).call(Folder(f).open).count > 5 => pin(f);";
    servers_make_no_calls: "server.call(Folder(f).open).count > 5 => pin(f);";
    servers_cannot_be_called: "client.call(server.open).count > 5 => balance({Folder}, cpu);";
    property_called: "client.call(Folder(f).files).count > 5 => pin(f);";
    reference_as_number: "Folder(f).files > 5 => pin(f);";
    function_as_number: "Folder(f).open > 5 => pin(f);";
    value_in_ref: "File(x) in ref(Folder(f).depth) => colocate(f, x);";
    reference_to_another_type: "Folder(x) in ref(Folder(f).files) => colocate(f, x);";
    server_in_ref: "server in ref(Folder(f).files) => pin(f);";
    param_as_actor: "param high = 80%;\nserver.cpu > high => reserve(high, cpu);";
    truth_param_compared: "param on = true;\nserver.cpu > on => balance({Folder}, cpu);";
    truth_param_as_actor: "param on = true;\nserver.cpu > 80 => pin(on);";
    truth_in_capitals: "True and not FALSE => pin(Folder);";
    host_of_a_server: "server(s).server.cpu > 80 => balance({Folder}, cpu);";
    condition_as_value: "(server.cpu > 80) == (server.mem > 80) => balance({Folder}, cpu);";
    bytes_for_a_share: "server.cpu.perc > 10MB => balance({Folder}, cpu);";
    /// Without a statistic `mem` is a share; the unit tells what was meant.
    bytes_without_statistic: "server.mem > 500MB => balance({Folder}, mem);";
    share_for_bytes: "Folder(f).mem.size > 40% => pin(f);";
    share_for_a_count: "client.call(Folder(f).open).count > 40% => pin(f);";
    bytes_for_a_flow: "server.net.size > 10MB => balance({Folder}, net);";
    duration_for_a_share: "server.cpu > 30s => balance({Folder}, cpu);";
    param_in_another_unit: "param much = 10MB;\nserver.cpu > much => balance({Folder}, cpu);";
    features_in_two_units: "Folder(f).mem.perc > File(x).mem.size and x in ref(f.files) => pin(f);";
    constants_in_two_units: "10MB > 10% => balance({Folder}, cpu);";
    priority_with_unit: "rule hot [priority 10%]: Folder(f).cpu > 80 => pin(f);";
    bound_on_one_side: "Folder(f).cpu.perc > 80 or server.cpu.perc > 90 => reserve(f, cpu);";
    bound_on_one_side_within: "server.cpu > 80 and (Folder(f).mem.perc > 9 and f.cpu > 80 or File.cpu > 70 or Folder.cpu > 90) => pin(f);";
    share_over_100: "server.cpu.perc > 180 => balance({Folder}, cpu);";
    share_over_100_on_the_left: "180 < server.cpu => balance({Folder}, cpu);";
    share_over_100_by_param: "param high = 180%;\nserver.cpu > high => balance({Folder}, cpu);";
    priority_too_great: "rule hot [priority 99999999999]: Folder(f).cpu > 80 => pin(f);";
    priority_of_an_unknown_param: "rule hot [priority most]: Folder(f).cpu > 80 => pin(f);";
    cooldown_in_percent: "rule hot [cooldown 40%]: Folder(f).cpu > 80 => pin(f);";
    cooldown_of_nothing: "rule hot [cooldown 0s]: Folder(f).cpu > 80 => pin(f);";
    cooldown_by_a_param_in_bytes: "param rest = 10MB;\nrule hot [cooldown rest]: Folder(f).cpu > 80 => pin(f);";
    release_with_unit: "rule hot [release 30s]: Folder(f).cpu > 80 => reserve(f, cpu);";
    release_by_a_param_out_of_range: "param some = 0;\nrule hot [release some]: Folder(f).cpu > 80 => reserve(f, cpu);";
    limit_of_nothing: "limit migrations 0 per 10s;\ntrue => pin(Folder);";
    limit_in_bytes: "limit migrations 20 per 10MB;\ntrue => pin(Folder);";
    limit_on_something_else: "limit moves 20 per 10s;\ntrue => pin(Folder);";
    limit_in_the_form_of_another: "limit servers 2 per 10s;\nlimit migrations 1..2;\ntrue => pin(Folder);";
    limit_for_each_variable: "limit migrations 20 per 10s each f;\ntrue => pin(Folder);";
    limit_for_each_of_an_unknown_type: "limit migrations 20 per 10s each Foldr;\ntrue => pin(Folder);";
    limit_the_wrong_way_round: "limit servers 16..2;\ntrue => pin(Folder);";
    balance_required: "require balance({Folder}, cpu);";
    measured_in_a_requirement: "require pin(Folder(f)) where f.cpu.perc > 50;";
    unknown_behavior_required: "require separat(Folder(f), File(x)) where x in ref(f.files);";
    unknown_variable_in_a_requirement: "require separate(Folder(f), x);";
    priority_not_whole: "rule hot [priority 1.5]: Folder(f).cpu > 80 => pin(f);";
    too_few_arguments: "Folder(f).cpu > 80 => reserve(f);";
    too_many_arguments: "Folder(f).cpu > 80 and File(x) in ref(f.files) => pin(f, x);";
    colocate_one: "Folder(f).cpu > 80 => colocate(f);";
    no_arguments: "Folder(f).cpu > 80 => pin();";
    arguments_swapped: "Folder(f).cpu > 80 => reserve(cpu, f);";
    server_as_argument: "server(s).cpu > 80 and Folder(f).server == s => colocate(s, f);";
    bare_server_as_argument: "Folder(f).cpu > 80 => colocate(server, f);";
    /// The host of the first actor, or any: which one is meant must be said.
    bare_server_drained: "server.cpu < 10 and Folder(f).cpu > 3 => drain(server);";
    bare_server_drained_without_actor: "server.cpu < 10 and server.mem < 10 => drain(server);";
    actor_drained: "Folder(f).cpu > 80 => drain(f);";
    type_drained: "server(s).cpu > 80 => drain({Folder});";
    measured_drained: "server(s).cpu > 80 => drain(s.cpu);";
    several_drained: "server(s).cpu > 80 and server(t).cpu < 20 and s != t => drain(s, t);";
    drain_required: "require drain(server(s)) where s.label(\"zone\") == \"a\";";
    migrated_to_nowhere: "Folder(f).cpu > 80 => migrate(f);";
    migrated_to_an_actor: "Folder(f).cpu > 80 and File(x) in ref(f.files) => migrate(f, x);";
    migrated_the_wrong_way_round: "server(s).cpu < 20 and Folder(f).cpu > 80 => migrate(s, f);";
    migrated_to_where_an_actor_is: "Folder(f).cpu > 80 and File(x) in ref(f.files) => migrate(x.server, f);";
    spread_of_nothing: "server.cpu > 80 => spread();";
    spread_without_braces: "server.cpu > 80 => spread(Folder, by \"zone\");";
    spread_without_by: "server.cpu > 80 => spread({Folder}, \"zone\");";
    spread_by_a_label_without_quotes: "server.cpu > 80 => spread({Folder}, by zone);";
    spread_by_server: "server.cpu > 80 => spread({Folder}, by server);";
    spread_of_a_resource: "server.cpu > 80 => spread({Folder}, cpu);";
    spread_by_a_number: "server.cpu > 80 => spread({Folder}, by 3);";
    spread_the_wrong_way_round: "server.cpu > 80 => spread(by \"zone\", {Folder});";
    label_for_an_actor: "server.cpu > 80 => pin(by \"zone\");";
    client_as_argument: "Folder(f).cpu > 80 => colocate(client, f);";
    types_without_braces: "server.cpu > 80 => balance(Folder, cpu);";
    variable_for_types: "Folder(f).cpu > 80 => balance(f, cpu);";
    typed_variable_for_types: "server.cpu > 80 => balance(Folder(f), cpu);";
    variable_in_braces: "Folder(f).cpu > 80 => balance({f}, cpu);";
    braces_for_an_actor: "server.cpu > 80 => pin({Folder});";
    resource_for_an_actor: "Folder(f).cpu > 80 => colocate(f, cpu);";
    resource_by_another_name: "Folder(f).cpu > 80 => reserve(f, memory);";
    resource_unknown: "Folder(f).cpu > 80 => reserve(f, disk);";
    two_variables_in_a_type: "Folder(f, g).cpu > 80 => pin(f);";
    type_as_variable: "Folder(File).cpu > 80 => pin(Folder);";
    call_without_parentheses: "client.call.count > 80 => balance({Folder}, cpu);";
    call_of_two: "client.call(Folder(f).open, File(x).read).count > 80 => colocate(f, x);";
    more_after_the_function: "client.call(Folder(f).open.count) > 80 => pin(f);";
    more_after_the_property: "File(x) in ref(Folder(f).files.first) => colocate(x, f);";
    metric_with_arguments: "server.cpu(1).perc > 80 => balance({Folder}, cpu);";
    /// Several mistakes in one rule and in several rules are all reported.
    several_at_once: "server.cpu.perc > 180 and client.call(Folder(f).opne).perc > 40% => reserve(f, disk); pin(g);\nFoldr(f).cpu > 50 => pin(f);";
    param_as_actor_is_used: "param x = 3;\nFolder(f).cpu > 3 => pin(x); pin(f);";
    measured_for_an_actor: "Folder(f).cpu > 3 => pin(f.cpu);";
    measured_statistic_for_an_actor: "Folder(f).cpu > 3 => pin(f.cpu.perc);";
    property_for_an_actor: "Folder(f).cpu > 3 => pin(f.parent);";
    dot_for_a_comma: "Folder(f).cpu > 3 => reserve(f.cpu);";
    typed_variable_in_braces: "server.cpu > 80 => balance({Folder(f), File}, cpu);";
    variable_in_upper_case: "Folder(F).cpu > 3 and F.mem > 5 => pin(F);";
    variable_in_upper_case_introduced_twice: "Folder(F).cpu > 3 and Folder(F).mem > 5 => pin(F);";
    variable_named_as_the_param_it_is_compared_with: "param f = 3;\nFolder(f).cpu.perc > f => pin(f);";
    word_of_the_language_as_type: "Server.cpu > 80 or Client.call(Folder(f).open).count > 3 => pin(Folder);";
    this_is_no_variable: "Folder(f).cpu > 80 => pin(this);";
    calculated_value: "avg(server.cpu) > 80 => balance({Folder}, cpu);";
    always_is_true: "always => pin(Folder);";
    near_client: "clien.call(Folder(f).open).perc > 3 => pin(f);";
    near_server: "servr.cpu > 80 or servers.mem > 80 => pin(Folder);";
    near_param_counts_as_used: "param undefined = 3;\nFolder(f).cpu.perc > undefinedd => pin(f);";
    resource_of_nobody: "cpu > 80 => balance({Folder}, cpu);";
    members_inside_a_type: "client.call(Folder(f.open)).count > 80 and f.cpu > 3 => pin(f);";
    several_references: "File(x) in ref(Folder(f).files, f) => colocate(f, x);";
    /// What the parser reported is not reported again.
    next_to_a_syntax_error: "server.cpu.perc > => balance({Folder}, cpu);\nFoldr(f).cpu > 50 => pin(f);";
}

/// Without a schema only contradictions are mistakes.
#[test]
fn reference_to_two_types() {
    insta::assert_snapshot!(report(
        "File(x) in ref(Folder(f).items) => colocate(f, x);\n\
         User(u) in ref(Folder(f).items) => colocate(f, u);"
    ));
}

#[test]
fn actor_declared_twice() {
    insta::assert_snapshot!(report(
        "actor Folder { fn open; }\nactor Folder { fn list; }\ntrue => pin(Folder);"
    ));
}

#[test]
fn members_declared_twice() {
    insta::assert_snapshot!(report(
        "actor Folder { fn open; fn open; depth: int; depth: float; }\ntrue => pin(Folder);"
    ));
}

#[test]
fn declaration_with_lower_case_name() {
    insta::assert_snapshot!(report("actor folder { fn open; }\ntrue => pin(any);"));
}

#[test]
fn declaration_of_unknown_and_impossible_types() {
    insta::assert_snapshot!(report(
        "actor Folder { files: [Fil]; depth: integer; sizes: [int]; }\nactor File {}\ntrue => pin(Folder);"
    ));
}

#[test]
fn declarations_that_disagree_with_the_schema() {
    insta::assert_snapshot!(report_with_schema(
        SCHEMA,
        "actor Folder { files: File; depht: int; fn opne; }\nactor Fiel {}\ntrue => pin(Folder);"
    ));
}

#[test]
fn param_from_outside_unknown() {
    insta::assert_snapshot!(report_with_params(&["hihg=70%"], PARAM));
}

#[test]
fn param_from_outside_no_number() {
    insta::assert_snapshot!(report_with_params(&["high=much"], PARAM));
}

#[test]
fn param_from_outside_no_truth() {
    let policy = "param on = true;\non and server.cpu > 80 => balance({Folder}, cpu);";
    insta::assert_snapshot!(report_with_params(&["on=3"], policy));
}

#[test]
fn param_from_outside_another_unit() {
    insta::assert_snapshot!(report_with_params(&["high=10MB"], PARAM));
}

#[test]
fn param_from_outside_out_of_range() {
    insta::assert_snapshot!(report_with_params(&["high=180"], PARAM));
}
