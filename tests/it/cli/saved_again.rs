//! The same exports, packed and encoded in other ways: what comes out is equal to the byte.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::{Compression, write::GzEncoder};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::cxm;

const FILES: [&str; 3] = ["surveys.csv", "tickets.csv", "purchases.csv"];

/// What the report prints, and what it says besides.
fn report(folder: &Path, more: &[&str]) -> (String, String) {
    let output = cxm(folder).arg("report").args(FILES).args(["--by", "channel"]).args(more).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// The sample exports with a word in them that is not ASCII, each changed.
fn exports(change: impl Fn(&str) -> Vec<u8>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/sample");
    for name in FILES {
        let bytes = fs::read(sample.join(name)).unwrap();
        // One row of the sample is broken, which is no matter here; nor are characters that some encoding lacks.
        let known =
            |c: char| if encoding_rs::WINDOWS_1252.encode(c.encode_utf8(&mut [0; 4])).2 { '?' } else { c };
        let text: String = String::from_utf8_lossy(&bytes).chars().map(known).collect();
        let text = text.replace("phone", "\"téléphone, €\"");
        fs::write(folder.path().join(name), change(&text)).unwrap();
    }
    folder
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
}

fn windows_1252(text: &str) -> Vec<u8> {
    let (bytes, _, has_replaced) = encoding_rs::WINDOWS_1252.encode(text);
    assert!(!has_replaced);
    bytes.into_owned()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

/// Two frames with a note between them, as parallel packers write them.
fn zstd_in_frames(bytes: &[u8]) -> Vec<u8> {
    let (front, back) = bytes.split_at(bytes.len() / 2);
    [zstd(front), b"\x5a\x2a\x4d\x18\x03\0\0\0abc".to_vec(), zstd(back)].concat()
}

fn zip(members: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        archive.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn what_comes_out_is_the_same() {
    let plain = exports(|text| text.as_bytes().to_vec());
    type Change = fn(&str) -> Vec<u8>;
    let changes: [(&str, Change); 12] = [
        ("a byte order mark", |text| format!("\u{feff}{text}").into_bytes()),
        ("UTF-16, lower byte first", |text| utf_16(text, u16::to_le_bytes)),
        ("UTF-16, higher byte first", |text| utf_16(text, u16::to_be_bytes)),
        ("Windows-1252", windows_1252),
        ("gzip", |text| gzip(text.as_bytes())),
        ("zstd", |text| zstd(text.as_bytes())),
        ("zstd in frames", |text| zstd_in_frames(text.as_bytes())),
        ("zip", |text| zip(&[("export/data.csv", text.as_bytes())], CompressionMethod::Deflated)),
        ("zip, stored", |text| zip(&[("shop-xl/data.csv", text.as_bytes())], CompressionMethod::Stored)),
        ("zip with notes", |text| {
            zip(
                &[("__MACOSX/._data.csv", b"notes"), ("data.csv", text.as_bytes())],
                CompressionMethod::Deflated,
            )
        }),
        ("UTF-16 in gzip", |text| gzip(&utf_16(text, u16::to_le_bytes))),
        ("Windows-1252 in zip", |text| {
            zip(&[("data.csv", &windows_1252(text))], CompressionMethod::Deflated)
        }),
    ];
    for format in ["csv", "json"] {
        let wanted = report(plain.path(), &["--format", format]);
        assert!(wanted.0.contains("téléphone, €"));
        for (name, change) in changes {
            let saved = exports(change);
            let (printed, said) = report(saved.path(), &["--format", format]);
            assert_eq!(printed, wanted.0, "{name} as {format}");
            // A guess is said.
            let guesses = if name.starts_with("Windows-1252") { FILES.len() } else { 0 };
            let (guessed, rest): (Vec<&str>, Vec<&str>) =
                said.lines().partition(|line| line.contains(": read as windows-1252, since it is not UTF-8"));
            assert_eq!((guessed.len(), rest), (guesses, wanted.1.lines().collect()), "{name} as {format}");
        }
    }
}

#[test]
fn the_encoding_can_be_said() {
    let wanted = report(exports(|text| text.as_bytes().to_vec()).path(), &["--format", "csv"]);
    let bare = exports(|text| utf_16(text, u16::to_le_bytes)[2..].to_vec());
    assert_eq!(report(bare.path(), &["--format", "csv", "--encoding", "UTF-16LE"]), wanted);
    let latin = exports(windows_1252);
    assert_eq!(report(latin.path(), &["--format", "csv", "--encoding", "latin-1"]), wanted);
}

#[test]
fn an_archive_comes_through_a_pipe_too() {
    let plain = exports(|text| text.as_bytes().to_vec());
    let archive =
        zip(&[("a.csv", &fs::read(plain.path().join("surveys.csv")).unwrap())], CompressionMethod::Deflated);
    let piped = |bytes: &[u8]| {
        let mut child = cxm(plain.path())
            .args(["nps", "--surveys", "-", "-q", "--format", "csv"])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        child.wait_with_output().unwrap()
    };
    let wanted = piped(&fs::read(plain.path().join("surveys.csv")).unwrap());
    let output = piped(&archive);
    assert_eq!((output.status.code(), output.stdout), (Some(0), wanted.stdout));
}

#[test]
fn an_archive_that_is_not_one_export_is_refused() {
    let refused = |bytes: Vec<u8>| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.zip"), bytes).unwrap();
        let output = cxm(folder.path()).args(["nps", "a.zip"]).output().unwrap();
        assert_eq!(output.status.code(), Some(3));
        String::from_utf8(output.stderr).unwrap()
    };
    let text: &[u8] = b"id,date,nps\n1,2026-03-01,9\n";
    let two = zip(&[("a.csv", text), ("b.csv", text)], CompressionMethod::Deflated);
    assert!(
        refused(two).starts_with("error: `a.zip` is a zip archive of 2 files (`a.csv`, `b.csv`)\nhint: ")
    );
    let none = zip(&[], CompressionMethod::Stored);
    assert!(refused(none).starts_with("error: `a.zip` is a zip archive without a file in it\n"));
    let whole = zip(&[("a.csv", text)], CompressionMethod::Deflated);
    assert!(refused(whole[..whole.len() - 30].to_vec()).contains("that cannot be read"));
    let mut damaged = zip(&[("a.csv", text)], CompressionMethod::Stored);
    let place = damaged.windows(3).position(|bytes| bytes == b",9\n").unwrap();
    damaged[place + 1] = b'8';
    assert!(refused(damaged).contains("its checksum is wrong"));
}

#[test]
fn inspect_says_the_encoding() {
    let output = cxm(exports(windows_1252).path()).arg("inspect").args(FILES).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.matches(", columns by comma, windows-1252\n").count(), 3, "{text}");
}
