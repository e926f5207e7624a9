//! familiar
