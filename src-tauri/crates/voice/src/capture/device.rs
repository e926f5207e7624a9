//! Real microphones through cpal. Everything that may block (finding,
//! opening, starting) happens on the caller's thread, which must never be
//! the window's.

use std::str::FromStr;
use std::time::Duration;

use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{BufferSize, FromSample, SampleFormat, SizedSample, StreamConfig};

use super::{Feed, Microphone, Source, Stream};
use crate::VoiceError;

/// Longest wait for the audio system to make a stream.
const BUILD_TIMEOUT: Duration = Duration::from_secs(5);

/// Sound servers on Linux collect two seconds before they deliver unless
/// asked for less. PulseAudio also throws away what a client does not fetch
/// within this time, so on a busy machine less is not better.
const DELIVERIES_PER_SECOND: u32 = 8;

/// The microphones of this machine, the default one first and monitors of
/// outputs last. Blocks while the audio system answers.
///
/// # Errors
/// `NoMicrophone` when there is none, `Microphone` when the audio system
/// fails.
pub fn microphones() -> Result<Vec<Microphone>, VoiceError> {
    let host = cpal::default_host();
    let default = host
        .default_input_device()
        .and_then(|device| device.id().ok());
    let mut found: Vec<Microphone> = host
        .input_devices()
        .map_err(|error| opening(&error))?
        .filter_map(|device| {
            let id = device.id().ok().filter(|id| !is_plugin(&id.to_string()))?;
            Some(Microphone {
                is_default: Some(&id) == default.as_ref(),
                id: id.to_string(),
                name: name(&device),
            })
        })
        .collect();
    if found.is_empty() {
        return Err(VoiceError::NoMicrophone);
    }
    found.sort_by_key(|microphone| (!microphone.is_default, microphone.id.ends_with(".monitor")));
    Ok(found)
}

/// True for the converters and sinks that ALSA lists beside real inputs:
/// choosing one of them records nothing.
fn is_plugin(id: &str) -> bool {
    const INPUTS: &[&str] = &[
        "default",
        "sysdefault",
        "hw:",
        "plughw:",
        "dsnoop:",
        "pulse",
        "pipewire",
    ];
    id.strip_prefix("alsa:")
        .is_some_and(|pcm| !INPUTS.iter().any(|input| pcm.starts_with(input)))
}

/// The microphones of this machine as a source.
#[derive(Debug, Default)]
pub struct Device;

impl Source for Device {
    fn open(&mut self, wanted: Option<&str>, feed: Feed) -> Result<Stream, VoiceError> {
        let host = cpal::default_host();
        let (device, substitute) = match wanted {
            None => (default_device(&host)?, false),
            Some(wanted) => match chosen(&host, wanted) {
                Some(device) => (device, false),
                None => (default_device(&host)?, true),
            },
        };
        let supported = device
            .default_input_config()
            .map_err(|error| opening(&error))?;
        let mut config = supported.config();
        if cfg!(target_os = "linux") {
            config.buffer_size = BufferSize::Fixed(config.sample_rate / DELIVERIES_PER_SECOND);
        }
        let stream = build(&device, config, supported.sample_format(), feed)?;
        // The Pulse host blocks here until the first samples are there.
        stream.play().map_err(|error| opening(&error))?;
        Ok(Stream {
            sample_rate: config.sample_rate,
            name: name(&device),
            substitute,
            keep: Box::new(stream),
        })
    }
}

fn default_device(host: &cpal::Host) -> Result<cpal::Device, VoiceError> {
    host.default_input_device().ok_or(VoiceError::NoMicrophone)
}

/// The device with that id, or else with that name.
fn chosen(host: &cpal::Host, wanted: &str) -> Option<cpal::Device> {
    if let Ok(id) = cpal::DeviceId::from_str(wanted)
        && let Some(device) = host.device_by_id(&id)
    {
        return Some(device);
    }
    host.input_devices()
        .ok()?
        .find(|device| name(device) == wanted)
}

fn name(device: &cpal::Device) -> String {
    device
        .description()
        .map_or_else(|_| "Microphone".to_owned(), |about| about.name().to_owned())
}

fn build(
    device: &cpal::Device,
    config: StreamConfig,
    format: SampleFormat,
    feed: Feed,
) -> Result<cpal::Stream, VoiceError> {
    match format {
        SampleFormat::I8 => build_as::<i8>(device, config, feed),
        SampleFormat::I16 => build_as::<i16>(device, config, feed),
        SampleFormat::I24 => build_as::<cpal::I24>(device, config, feed),
        SampleFormat::I32 => build_as::<i32>(device, config, feed),
        SampleFormat::I64 => build_as::<i64>(device, config, feed),
        SampleFormat::U8 => build_as::<u8>(device, config, feed),
        SampleFormat::U16 => build_as::<u16>(device, config, feed),
        SampleFormat::U24 => build_as::<cpal::U24>(device, config, feed),
        SampleFormat::U32 => build_as::<u32>(device, config, feed),
        SampleFormat::U64 => build_as::<u64>(device, config, feed),
        SampleFormat::F32 => build_as::<f32>(device, config, feed),
        SampleFormat::F64 => build_as::<f64>(device, config, feed),
        other => Err(VoiceError::Microphone {
            detail: format!("its sample format {other} is not supported"),
        }),
    }
}

fn build_as<T>(
    device: &cpal::Device,
    config: StreamConfig,
    mut feed: Feed,
) -> Result<cpal::Stream, VoiceError>
where
    T: SizedSample,
    f32: FromSample<T>,
{
    let alarm = feed.alarm();
    let channels = config.channels;
    device
        .build_input_stream::<T, _, _>(
            config,
            move |data, _| {
                let samples = data
                    .iter()
                    .map(|sample| <f32 as FromSample<T>>::from_sample_(*sample));
                feed.push(samples, channels);
            },
            move |error| {
                if let Some(error) = running(&error) {
                    alarm.raise(error);
                }
            },
            Some(BUILD_TIMEOUT),
        )
        .map_err(|error| opening(&error))
}

/// What an error means while a microphone is opened.
fn opening(error: &cpal::Error) -> VoiceError {
    use cpal::ErrorKind as Kind;
    match error.kind() {
        Kind::DeviceNotAvailable | Kind::HostUnavailable => VoiceError::NoMicrophone,
        Kind::DeviceBusy => VoiceError::Busy,
        Kind::PermissionDenied => VoiceError::Denied,
        _ => VoiceError::Microphone {
            detail: error.to_string(),
        },
    }
}

/// What an error means while a microphone runs; none when it goes on.
fn running(error: &cpal::Error) -> Option<VoiceError> {
    use cpal::ErrorKind as Kind;
    match error.kind() {
        Kind::Xrun | Kind::RealtimeDenied | Kind::DeviceChanged => {
            tracing::debug!(%error, "the microphone goes on");
            None
        }
        Kind::PermissionDenied => Some(VoiceError::Denied),
        _ => {
            tracing::warn!(%error, "the microphone failed");
            Some(VoiceError::Lost)
        }
    }
}

#[cfg(test)]
mod tests;
