//! What an element is to a reader of text.

/// The part an element plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing in it is text: scripts, styles, forms' fields, pictures.
    Dropped,
    /// What stands around the content: menus, footers.
    Around,
    /// The content itself, by the page's own word.
    Main,
    /// An article; the content where there is just one.
    Article,
    /// The name of the page.
    Title,
    /// Stands on lines of its own.
    Block,
    Paragraph,
    Heading(u8),
    Ordered,
    Unordered,
    Item,
    Term,
    Definition,
    Quote,
    Pre,
    Table,
    Row,
    Cell,
    HeadCell,
    Link,
    /// Stands in its line between two of these marks.
    Marked(&'static str),
    /// Stands in its line.
    Inline,
    /// Has no content.
    Void(Void),
}

/// An element without content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Void {
    Break,
    Rule,
    Image,
    Base,
    Nothing,
}

impl Kind {
    pub fn of(name: &[u8]) -> Self {
        match name {
            b"script" | b"style" | b"template" | b"svg" | b"iframe" | b"object" | b"video"
            | b"audio" | b"canvas" | b"noscript" | b"noembed" | b"noframes" | b"frameset"
            | b"select" | b"textarea" | b"datalist" | b"button" | b"applet" | b"map" => {
                Self::Dropped
            }
            b"nav" | b"footer" => Self::Around,
            b"main" => Self::Main,
            b"article" => Self::Article,
            b"title" => Self::Title,
            b"p" => Self::Paragraph,
            b"h1" => Self::Heading(1),
            b"h2" => Self::Heading(2),
            b"h3" => Self::Heading(3),
            b"h4" => Self::Heading(4),
            b"h5" => Self::Heading(5),
            b"h6" => Self::Heading(6),
            b"ol" => Self::Ordered,
            b"ul" | b"menu" | b"dir" => Self::Unordered,
            b"li" => Self::Item,
            b"dt" => Self::Term,
            b"dd" => Self::Definition,
            b"blockquote" => Self::Quote,
            b"pre" | b"listing" | b"xmp" | b"plaintext" => Self::Pre,
            b"table" => Self::Table,
            b"tr" => Self::Row,
            b"td" => Self::Cell,
            b"th" => Self::HeadCell,
            b"a" => Self::Link,
            b"b" | b"strong" => Self::Marked("**"),
            b"i" | b"em" | b"cite" | b"dfn" => Self::Marked("*"),
            b"code" | b"tt" | b"kbd" | b"samp" => Self::Marked("`"),
            b"del" | b"s" | b"strike" => Self::Marked("~~"),
            b"address" | b"aside" | b"body" | b"caption" | b"center" | b"details" | b"dialog"
            | b"div" | b"dl" | b"fieldset" | b"figcaption" | b"figure" | b"form" | b"head"
            | b"header" | b"hgroup" | b"html" | b"legend" | b"optgroup" | b"option" | b"search"
            | b"section" | b"summary" | b"tbody" | b"tfoot" | b"thead" => Self::Block,
            other => Self::void(other).map_or(Self::Inline, Self::Void),
        }
    }

    fn void(name: &[u8]) -> Option<Void> {
        Some(match name {
            b"br" => Void::Break,
            b"hr" => Void::Rule,
            b"img" => Void::Image,
            b"base" => Void::Base,
            b"area" | b"basefont" | b"bgsound" | b"col" | b"embed" | b"frame" | b"input"
            | b"keygen" | b"link" | b"meta" | b"param" | b"source" | b"track" | b"wbr" => {
                Void::Nothing
            }
            _ => return None,
        })
    }

    /// Whether its start ends a paragraph before it.
    pub fn ends_paragraph(self) -> bool {
        !matches!(
            self,
            Self::Dropped
                | Self::Title
                | Self::Link
                | Self::Marked(_)
                | Self::Inline
                | Self::Void(Void::Break | Void::Image | Void::Base | Void::Nothing)
        )
    }

    pub fn is_inline(self) -> bool {
        matches!(self, Self::Link | Self::Marked(_) | Self::Inline)
    }

    pub fn is_cell(self) -> bool {
        matches!(self, Self::Cell | Self::HeadCell)
    }
}
