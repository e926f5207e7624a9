use cpal::ErrorKind as Kind;

use super::*;

#[test]
fn errors_while_opening_name_what_is_wrong() {
    for (kind, wanted) in [
        (Kind::DeviceNotAvailable, VoiceError::NoMicrophone),
        (Kind::HostUnavailable, VoiceError::NoMicrophone),
        (Kind::DeviceBusy, VoiceError::Busy),
        (Kind::PermissionDenied, VoiceError::Denied),
    ] {
        assert_eq!(opening(&cpal::Error::new(kind)), wanted);
    }
    let other = opening(&cpal::Error::with_message(Kind::BackendError, "odd"));
    assert!(other.to_string().contains("odd"), "{other}");
    assert_eq!(other.kind(), protocol::ErrorKind::Microphone);
}

#[test]
fn only_some_errors_end_a_running_microphone() {
    for kind in [Kind::Xrun, Kind::RealtimeDenied, Kind::DeviceChanged] {
        assert_eq!(running(&cpal::Error::new(kind)), None);
    }
    for kind in [
        Kind::DeviceNotAvailable,
        Kind::StreamInvalidated,
        Kind::BackendError,
    ] {
        assert_eq!(running(&cpal::Error::new(kind)), Some(VoiceError::Lost));
    }
}
