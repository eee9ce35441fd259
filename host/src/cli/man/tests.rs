use super::*;

fn all() -> Vec<(String, String)> {
    let pages = pages(&settings::built(&program())).unwrap();
    let text = |(name, text): (String, Vec<u8>)| (name, String::from_utf8(text).unwrap());
    pages.into_iter().map(text).collect()
}

#[test]
fn each_command_has_a_page_with_all_sections() {
    let pages = all();
    for name in [
        "gorgon.1",
        "gorgon-run.1",
        "gorgon-runs-prune.1",
        "gorgon-man.1",
    ] {
        assert!(pages.iter().any(|(other, _)| other == name), "{name}");
    }
    assert!(!pages.iter().any(|(name, _)| name.contains("help")));
    for (name, text) in &pages {
        for section in [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "EXIT STATUS",
            "ENVIRONMENT",
            "FILES",
            "SEE ALSO",
        ] {
            let quoted = format!(".SH \"{section}\"\n");
            assert!(
                text.contains(&quoted) || text.contains(&format!(".SH {section}\n")),
                "{name}: {section}"
            );
        }
        let title = name.trim_end_matches(".1").to_uppercase();
        assert!(text.starts_with(&format!(".TH {title} 1 \"\" ")), "{text}");
    }
}

#[test]
fn every_flag_is_on_the_page_of_its_command() {
    let (built, pages) = (settings::built(&program()), all());
    let run = built.find_subcommand("run").unwrap();
    let (_, page) = pages
        .iter()
        .find(|(name, _)| name == "gorgon-run.1")
        .unwrap();
    let shown = run.get_arguments().filter(|flag| !flag.is_hide_set());
    for flag in shown.filter_map(clap::Arg::get_long) {
        assert!(page.contains(&flag.replace('-', "\\-")), "--{flag}");
    }
    for exit in Exit::ALL {
        assert!(page.contains(&exit.code().to_string()));
    }
    assert!(page.contains("EXAMPLES"));
}

#[test]
fn a_line_of_text_is_no_request() {
    for (name, text) in all() {
        for line in text.lines().filter(|line| line.starts_with(['.', '\''])) {
            // A line that begins so is one, of two letters; text would be escaped.
            let word = line.get(1..).and_then(|line| line.split(' ').next());
            let is_known = line.starts_with('.') && word.is_some_and(|word| word.len() == 2);
            assert!(is_known, "{name}: {line}");
        }
    }
}
