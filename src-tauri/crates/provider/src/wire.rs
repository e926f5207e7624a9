//! One module per wire format. A wire turns a `Request` into HTTP and the
//! answer into events; which provider speaks it is the catalogue's business.

pub mod anthropic;
