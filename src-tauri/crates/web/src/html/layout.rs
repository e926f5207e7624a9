//! What stands before each line of the Markdown: quotes and items of lists
//! around it.

/// Deeper quotes and lists are written as if they were not nested: every line
/// repeats what stands before it.
const DEPTH: usize = 16;

/// The quotes and items around what is written.
#[derive(Debug, Default)]
pub(super) struct Layout {
    around: Vec<Around>,
    /// Those that were too deep to count.
    deeper: usize,
    /// How many have been around all the time since the last text.
    common: usize,
}

#[derive(Debug)]
enum Around {
    Quote,
    Item {
        marker: String,
        /// The marker stands there already.
        is_begun: bool,
    },
}

impl Layout {
    pub fn quote(&mut self) {
        self.push(Around::Quote);
    }

    pub fn item(&mut self, marker: String) {
        self.push(Around::Item {
            marker,
            is_begun: false,
        });
    }

    fn push(&mut self, around: Around) {
        if self.around.len() < DEPTH {
            self.around.push(around);
        } else {
            self.deeper += 1;
        }
    }

    /// The innermost quote or item ends.
    pub fn pop(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
        } else {
            self.around.pop();
            self.common = self.common.min(self.around.len());
        }
    }

    /// An item begins here, and nothing of it is written yet.
    pub fn is_fresh(&self) -> bool {
        matches!(
            self.around.last(),
            Some(Around::Item {
                is_begun: false,
                ..
            })
        )
    }

    /// What stands in an empty line between two texts.
    pub fn empty_line(&self) -> String {
        let around = self.around.iter().take(self.common);
        let line: String = around.map(Around::going_on).collect();
        line.trim_end().to_owned()
    }

    /// What stands before the first text of a line. Items begin with it.
    pub fn begin_line(&mut self) -> String {
        self.common = self.around.len();
        let around = self.around.iter_mut();
        around
            .map(|around| match around {
                Around::Item { marker, is_begun } if !*is_begun => {
                    *is_begun = true;
                    marker.clone()
                }
                around => around.going_on(),
            })
            .collect()
    }
}

impl Around {
    fn going_on(&self) -> String {
        match self {
            Self::Quote => "> ".to_owned(),
            Self::Item { marker, .. } => " ".repeat(marker.chars().count()),
        }
    }
}
