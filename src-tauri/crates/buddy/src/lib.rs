//! buddy
