use super::*;
use proptest::prelude::*;

#[track_caller]
fn loaded(name: &str, text: &[u8], order: Order, seed: u64) -> Result<Data> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    Data::load(&path, order, seed)
}

/// `rows` rows with one column, `id`, from 0 on.
fn numbered(rows: u64, order: Order, seed: u64) -> Data {
    let lines: String = (0..rows).map(|id| format!("{id}\n")).collect();
    loaded("ids.csv", format!("id\n{lines}").as_bytes(), order, seed).unwrap()
}

/// The id of a call's row.
fn id(data: &Data, index: u64) -> Option<u64> {
    let cell = data.row(index)?.cell("id").unwrap();
    Some(std::str::from_utf8(cell).unwrap().parse().unwrap())
}

#[test]
fn the_extension_tells_the_kind_and_a_byte_order_mark_is_dropped() {
    #[track_caller]
    fn check(name: &str, text: &str) {
        for text in [text.to_owned(), format!("\u{feff}{text}")] {
            let data = loaded(name, text.as_bytes(), Order::Unique, 0).unwrap();
            assert_eq!(
                (data.columns(), data.len()),
                (&["a".to_owned(), "b".to_owned()][..], 1)
            );
            let row = data.row(0).unwrap();
            assert_eq!(
                (row.cell("a"), row.cell("b")),
                (Some(&b"1"[..]), Some(&b"x y"[..]))
            );
            let cells: Vec<_> = row.cells().collect();
            assert_eq!(cells, [("a", &b"1"[..]), ("b", b"x y")]);
        }
    }
    check("t.csv", "a,b\n1,x y\n");
    check("T.CSV", "a,b\r\n1,x y\r\n");
    check("t.tsv", "a\tb\n1\tx y\n");
    check("t.jsonl", "{\"a\":1,\"b\":\"x y\"}\n");
    check("t.v2.NdJson", "{\"a\":\"1\",\"b\":\"x y\"}");
}

#[test]
fn a_file_that_is_no_data_is_told_why_and_what_to_do() {
    #[track_caller]
    fn check(name: &str, text: &[u8], exit: Exit, words: &[&str]) {
        let error = loaded(name, text, Order::Unique, 0).unwrap_err();
        assert_eq!(error.exit(), exit);
        let told = format!("{} {:?} {:?}", error.what(), error.causes(), error.hints());
        assert!(
            !error.causes().is_empty() && !error.hints().is_empty(),
            "{told}"
        );
        for word in words.iter().chain([&name]) {
            assert!(told.contains(word), "{told}");
        }
    }
    let kinds = [".csv", ".tsv", ".jsonl", ".ndjson"];
    check("users.txt", b"a\n1\n", Exit::Usage, &kinds);
    check("users", b"a\n1\n", Exit::Usage, &kinds);
    check("users.json", b"[]", Exit::Usage, &["jq -c '.[]'"]);
    check(
        "users.csv",
        b"",
        Exit::Unusable,
        &["empty", "names the columns"],
    );
    check("users.csv", b"a,b\n", Exit::Unusable, &["no rows"]);
    check("users.jsonl", b"\n\n", Exit::Unusable, &["no rows"]);
    check(
        "users.csv",
        b"a,b\n1\n",
        Exit::Unusable,
        &["line 2", "1 cell", "header 2"],
    );
    check(
        "users.tsv",
        b"a\tb\n1,2\n",
        Exit::Unusable,
        &["line 2", "tabs"],
    );
    check(
        "users.jsonl",
        b"{}\n{",
        Exit::Unusable,
        &["line 2, column 1", "object"],
    );
}

#[test]
fn a_file_that_is_missing_too_large_or_standard_input_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = Data::load(&folder.path().join("no.csv"), Order::Unique, 0).unwrap_err();
    assert_eq!(error.exit(), Exit::NoInput);
    let large = folder.path().join("large.csv");
    let file = File::create(&large).unwrap();
    file.set_len(DATA_BYTES_MAX + 1).unwrap();
    let error = Data::load(&large, Order::Unique, 0).unwrap_err();
    assert_eq!(error.exit(), Exit::Unusable);
    assert!(error.causes()[0].contains("1 GiB"), "{error:?}");
    let error = Data::load(Path::new("-"), Order::Unique, 0).unwrap_err();
    assert!(error.hints()[0].contains("--items -"), "{error:?}");
    // What does not tell its length is read no further than the limit.
    let endless = || File::open("/dev/zero").unwrap();
    assert_eq!(read_at_most(5, endless()).unwrap(), None);
}

#[test]
fn a_cell_that_is_not_there_is_nothing_and_an_empty_one_is_empty() {
    let text = b"{\"a\":\"\",\"b\":null}\n{\"c\":3,\"a\":[1]}\n{}\n";
    let data = loaded("t.jsonl", text, Order::Unique, 0).unwrap();
    assert_eq!(data.columns(), ["a", "b", "c"]);
    let cell = |row, column| data.row(row).unwrap().cell(column);
    assert_eq!(cell(0, "a"), Some(&b""[..]));
    for (row, column) in [
        (0, "b"),
        (0, "c"),
        (1, "b"),
        (2, "a"),
        (0, "no such"),
        (0, ""),
    ] {
        assert_eq!(cell(row, column), None);
    }
    assert_eq!(
        (cell(1, "a"), cell(1, "c")),
        (Some(&b"[1]"[..]), Some(&b"3"[..]))
    );
    let cells: Vec<_> = data.row(1).unwrap().cells().collect();
    assert_eq!(cells, [("c", &b"3"[..]), ("a", b"[1]")]);
    assert_eq!(data.row(2).unwrap().cells().count(), 0);
}

#[test]
fn unique_rows_come_to_an_end_and_circular_ones_begin_again() {
    let unique = numbered(3, Order::Unique, 0);
    let ids: Vec<_> = (0..5).map(|index| id(&unique, index)).collect();
    assert_eq!(ids, [Some(0), Some(1), Some(2), None, None]);
    assert_eq!(
        (unique.unique_limit(), id(&unique, u64::MAX)),
        (Some(3), None)
    );
    let circular = numbered(3, Order::Circular, 0);
    let ids: Vec<_> = (0..7).filter_map(|index| id(&circular, index)).collect();
    assert_eq!(ids, [0, 1, 2, 0, 1, 2, 0]);
    assert_eq!(
        (circular.unique_limit(), id(&circular, u64::MAX)),
        (None, Some(0))
    );
}

#[test]
fn random_rows_follow_from_the_seed_and_come_about_equally_often() {
    let ids = |seed| {
        let data = numbered(10, Order::Random, seed);
        assert_eq!(data.unique_limit(), None);
        (0..100_000)
            .filter_map(|index| id(&data, index))
            .collect::<Vec<_>>()
    };
    let first = ids(7);
    assert_eq!(first, ids(7));
    assert_ne!(first, ids(8));
    // 10,000 each with a standard deviation of 95; the seed is fixed, so this is no matter of luck.
    for wanted in 0..10 {
        let count = first.iter().filter(|id| **id == wanted).count();
        assert!((9_600..10_400).contains(&count), "{wanted}: {count}");
    }
    // No row tells the next one: all hundred pairs come up.
    let pairs = first.windows(2).map(|pair| pair[0] * 10 + pair[1]);
    let mut pairs: Vec<u64> = pairs.collect();
    pairs.sort_unstable();
    pairs.dedup();
    assert_eq!(pairs.len(), 100);
}

#[test]
fn the_random_rows_of_a_seed_stay_the_same_from_version_to_version() {
    let drawn: Vec<u64> = (0..8).map(|index| draw(1, index, 1_000)).collect();
    assert_eq!(drawn, [674, 535, 820, 517, 847, 259, 43, 893]);
}

proptest! {
    #[test]
    fn a_drawn_row_is_one_of_the_table(seed: u64, index: u64, rows in 1u64..=1 << 30) {
        prop_assert!(draw(seed, index, rows) < rows);
        prop_assert_eq!(draw(seed, index, 1), 0);
    }

    #[test]
    fn cells_that_are_written_are_read(
        rows in prop::collection::vec(prop::collection::vec(
            prop::collection::vec(prop::sample::select(b"ab ,\"\r\n\t\0\xff".as_slice()), 0..6), 3), 1..8),
    ) {
        let quoted = |cell: &Vec<u8>| {
            let doubled = cell.iter().flat_map(|byte| match byte {
                b'"' => vec![b'"', b'"'],
                byte => vec![*byte],
            });
            [vec![b'"'], doubled.collect(), vec![b'"']].concat()
        };
        let mut text = b"x,y,z".to_vec();
        for row in &rows {
            text.extend(b"\r\n");
            text.extend(row.iter().map(quoted).collect::<Vec<_>>().join(&b","[..]));
        }
        let table = read(&text, Kind::Separated(b',')).unwrap();
        prop_assert_eq!(table.len(), rows.len());
        for (index, row) in rows.iter().enumerate() {
            let cells: Vec<&[u8]> = table.cells(index).map(|(_, cell)| cell).collect();
            prop_assert_eq!(&cells, row);
            prop_assert_eq!(table.cell(index, 2), Some(&row[2][..]));
        }
    }

    #[test]
    fn anything_at_all_is_read_or_refused(text in prop::collection::vec(
        prop::sample::select(b"a1,\"\r\n\t{}[]:\\u\0\xff\xef\xbb\xbf".as_slice()), 0..60))
    {
        for kind in [Kind::Separated(b','), Kind::Separated(b'\t'), Kind::JsonLines] {
            if let Ok(table) = read(&text, kind) {
                prop_assert!((0..table.len()).all(|row| table.cells(row).all(|(_, cell)| cell.len() < 60)));
            }
        }
    }
}
