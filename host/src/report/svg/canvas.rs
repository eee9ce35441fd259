//! Elements of SVG, and how they look.

use std::fmt::Write as _;
use std::io;

use crate::report::xml::escaped;

/// How everything looks, by class: for eyes used to light, then what differs in the dark.
const STYLE: &str = "\
text{font:12px system-ui,-apple-system,'Segoe UI',sans-serif;fill:#15202b}
.title{font-size:22px;font-weight:600}.head{font-size:14px;font-weight:600}
.dim{fill:#5b6876}.good{fill:#00745a}.mixed{fill:#8a5f00}.bad{fill:#b34700}
.end{text-anchor:end}.middle{text-anchor:middle}
.card{fill:#fff;stroke:#d8dee4}.grid{stroke:#e4e8ec}.axis{stroke:#8b97a3}
.line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.blue{stroke:#0072b2}.green{stroke:#009e73}.orange{stroke:#e69f00}.grey{stroke:#8b97a3}
.thin{stroke-width:1.3}.dashed{stroke-dasharray:5 4}.dotted{stroke-dasharray:1 5}
.ok{fill:#56b4e9;fill-opacity:.3}.fail{fill:#d55e00}.fault{fill:#e69f00}.gap{fill:#8b97a3;fill-opacity:.25}
@media(prefers-color-scheme:dark){
text{fill:#e6ebf0}.dim{fill:#94a1b0}.good{fill:#2fc79a}.mixed{fill:#f0b429}.bad{fill:#f07f4f}
.card{fill:#161d26;stroke:#2b3642}.grid{stroke:#232d38}.axis{stroke:#5b6876}
.blue{stroke:#56b4e9}.green{stroke:#2fc79a}.orange{stroke:#f0b429}.fail{fill:#f07f4f}.fault{fill:#f0b429}}
";

/// What was drawn so far.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    elements: String,
}

impl Canvas {
    /// Text that begins here, or ends or has its middle here where its class says so.
    pub(super) fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let text = escaped(text);
        self.push(format_args!(
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>"
        ));
    }

    /// A straight line.
    pub(super) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.push(format_args!(
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        ));
    }

    pub(super) fn rectangle(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let ((x, y), (width, height)) = (from, (to.0 - from.0, to.1 - from.1));
        self.push(format_args!(
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>"
        ));
    }

    /// A line through points; `None` interrupts it. A point between two interruptions is a dot.
    pub(super) fn path(&mut self, class: &str, points: &[Option<(f64, f64)>]) {
        let mut path = String::new();
        for (index, point) in points.iter().enumerate() {
            let Some((x, y)) = point else { continue };
            let follows = index > 0 && points[index - 1].is_some();
            let command = if follows { 'L' } else { 'M' };
            // Writing to text does not fail.
            let _ = write!(path, "{command}{x:.1} {y:.1}");
            let is_followed = points.get(index + 1).is_some_and(Option::is_some);
            if !follows && !is_followed {
                path.push_str("h.1");
            }
        }
        if !path.is_empty() {
            self.push(format_args!("<path class=\"line {class}\" d=\"{path}\"/>"));
        }
    }

    /// The area within points.
    pub(super) fn polygon(&mut self, class: &str, points: &[(f64, f64)]) {
        let points: Vec<String> = points
            .iter()
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        let points = points.join(" ");
        self.push(format_args!(
            "<polygon class=\"{class}\" points=\"{points}\"/>"
        ));
    }

    fn push(&mut self, element: std::fmt::Arguments<'_>) {
        let _ = writeln!(self.elements, "{element}");
    }

    /// Writes all of it, on a card of this size; `name` is what the picture is of.
    pub(super) fn write(
        &self,
        out: &mut dyn io::Write,
        width: f64,
        height: f64,
        name: &str,
    ) -> io::Result<()> {
        let name = escaped(name);
        writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\">"
        )?;
        writeln!(
            out,
            "<title>{name}: latency, calls per second and percentiles</title>"
        )?;
        writeln!(out, "<style>\n{STYLE}</style>")?;
        let (right, bottom) = (width - 1.0, height - 1.0);
        writeln!(
            out,
            "<rect class=\"card\" x=\".5\" y=\".5\" width=\"{right}\" height=\"{bottom}\" rx=\"10\"/>"
        )?;
        out.write_all(self.elements.as_bytes())?;
        writeln!(out, "</svg>")
    }
}

/// Text cut to so many characters, marked where it is.
pub(super) fn clipped(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
