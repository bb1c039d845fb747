//! The Runtime API and the Extensions API: requests as changes of the state, in AWS's words.

use std::sync::Arc;

use serde_json::{Value, json};

use super::extension::Event;
use super::http::{Request, Response};
use super::id;
use super::monitor::Monitor;
use super::refusal::Refusal;
use super::state::{Invocation, Posted, State};
use crate::lambda::execution::PAYLOAD;

const RUNTIME: &str = "/2018-06-01/runtime/";
const EXTENSION: &str = "/2020-01-01/extension/";
const IDENTIFIER: &str = "Lambda-Extension-Identifier";

/// The API of one execution environment.
pub(super) struct Api {
    pub(super) monitor: Arc<Monitor>,
    /// The name of the function.
    pub(super) name: String,
}

impl Api {
    /// The answer to a request, which may wait for an event; `None` if the environment is gone.
    pub(super) fn respond(&self, request: &Request) -> Option<Response> {
        let (method, path) = (request.method.as_str(), request.path.as_str());
        let done = if let Some(path) = path.strip_prefix(RUNTIME) {
            match (method, path.split('/').collect::<Vec<_>>().as_slice()) {
                ("GET", ["invocation", "next"]) => return self.next_invocation(),
                ("POST", ["invocation", id, "response"]) => self.answer(id, request),
                ("POST", ["invocation", id, "error"]) => self.error(id, request),
                ("POST", ["init", "error"]) => self.init_error(request),
                _ => return Some(not_found()),
            }
        } else if let Some(path) = path.strip_prefix(EXTENSION) {
            match (method, path) {
                ("POST", "register") => return Some(self.register(request)),
                ("GET", "event/next") => return self.next_event(request),
                ("POST", "init/error") => self.report(request, "Extension.InitError"),
                ("POST", "exit/error") => self.report(request, "Extension.ExitError"),
                _ => return Some(not_found()),
            }
        } else if method == "PUT" && (path.ends_with("/logs") || path.ends_with("/telemetry")) {
            // As AWS's emulator answers.
            let [kind, message] = ["Telemetry.NotSupported", "Telemetry API is not supported"];
            let body = json!({"errorMessage": message, "errorType": kind});
            return Some(Response::json(202, &body));
        } else {
            return Some(not_found());
        };
        Some(done.unwrap_or_else(refused))
    }

    fn next_invocation(&self) -> Option<Response> {
        if let Err(refusal) = self.monitor.change(State::next) {
            return Some(refused(refusal));
        }
        let invocation = self.monitor.wait(|state| state.event().cloned())?;
        let Invocation {
            id,
            event,
            deadline,
            trace,
        } = invocation;
        Some(Response {
            status: 200,
            fields: vec![
                ("Content-Type", "application/json".to_owned()),
                ("Lambda-Runtime-Aws-Request-Id", id),
                ("Lambda-Runtime-Deadline-Ms", deadline.to_string()),
                ("Lambda-Runtime-Invoked-Function-Arn", self.arn()),
                ("Lambda-Runtime-Trace-Id", trace),
            ],
            body: event,
        })
    }

    fn answer(&self, id: &str, request: &Request) -> Result<Response, Refusal> {
        let is_too_large = request.body.len() as u64 > PAYLOAD;
        let posted = if is_too_large {
            too_large()
        } else {
            Posted {
                body: request.body.clone(),
                // An answer that is streamed can fail at its end, and says so in a trailer.
                error_type: error_type(request),
            }
        };
        self.monitor.change(|state| state.answer(id, posted))?;
        if is_too_large {
            let message = format!("Exceeded maximum allowed payload size ({PAYLOAD} bytes).");
            return Err(Refusal {
                status: 413,
                error_type: "RequestEntityTooLarge",
                message,
            });
        }
        Ok(accepted())
    }

    fn error(&self, id: &str, request: &Request) -> Result<Response, Refusal> {
        let posted = posted_error(request);
        self.monitor.change(|state| state.answer(id, posted))?;
        Ok(accepted())
    }

    fn init_error(&self, request: &Request) -> Result<Response, Refusal> {
        let posted = posted_error(request);
        self.monitor.change(|state| state.init_error(posted))?;
        Ok(accepted())
    }

    fn register(&self, request: &Request) -> Response {
        let forbidden = |kind, message: &str| refused(Refusal::forbidden(kind, message));
        let Some(name) = request
            .field("Lambda-Extension-Name")
            .filter(|n| !n.is_empty())
        else {
            return forbidden("Extension.InvalidExtensionName", "Empty extension name");
        };
        let body: Value = match serde_json::from_slice(&request.body) {
            Ok(body) => body,
            Err(error) => return forbidden("InvalidRequestFormat", &error.to_string()),
        };
        let events = body["events"].as_array().map_or(&[][..], Vec::as_slice);
        let events: Vec<&str> = events.iter().filter_map(Value::as_str).collect();
        let registered = (self.monitor).change(|state| state.extensions.register(name, &events));
        let id = match registered {
            Ok(id) => id,
            Err(refusal) => return refused(refusal),
        };
        let mut body = json!({
            "functionName": self.name,
            "functionVersion": "$LATEST",
            "handler": "bootstrap",
        });
        let features = request
            .field("Lambda-Extension-Accept-Feature")
            .unwrap_or_default();
        if features
            .split(',')
            .any(|feature| feature.trim() == "accountId")
        {
            body["accountId"] = ACCOUNT.into();
        }
        let mut response = Response::json(200, &body);
        response.fields.push((IDENTIFIER, id));
        response
    }

    fn next_event(&self, request: &Request) -> Option<Response> {
        let id = match identifier(request) {
            Ok(id) => id,
            Err(refusal) => return Some(refused(refusal)),
        };
        if let Err(refusal) = self.monitor.change(|state| state.extensions.next(id)) {
            return Some(refused(refusal));
        }
        let event = self.monitor.wait(|state| state.extensions.event(id))?;
        let body = match event {
            Event::Invoke {
                id,
                deadline,
                trace,
            } => json!({
                "eventType": "INVOKE",
                "deadlineMs": u64::try_from(deadline).unwrap_or(u64::MAX),
                "requestId": id,
                "invokedFunctionArn": self.arn(),
                "tracing": {"type": "X-Amzn-Trace-Id", "value": trace},
            }),
            Event::Shutdown { reason, deadline } => json!({
                "eventType": "SHUTDOWN",
                "deadlineMs": u64::try_from(deadline).unwrap_or(u64::MAX),
                "shutdownReason": reason,
            }),
        };
        let mut response = Response::json(200, &body);
        let event = ("Lambda-Extension-Event-Identifier", id::uuid());
        response.fields.push(event);
        Some(response)
    }

    fn report(&self, request: &Request, error: &'static str) -> Result<Response, Refusal> {
        const TYPE: &str = "Lambda-Extension-Function-Error-Type";
        let id = identifier(request)?;
        if request.field(TYPE).is_none_or(str::is_empty) {
            let message = format!("{TYPE} not found");
            return Err(Refusal::forbidden("Extension.MissingHeader", message));
        }
        self.monitor.change(|state| {
            state.extensions.find(id)?;
            state.report(error);
            Ok(accepted())
        })
    }

    fn arn(&self) -> String {
        format!("arn:aws:lambda:us-east-1:{ACCOUNT}:function:{}", self.name)
    }
}

/// The account of AWS's emulator.
const ACCOUNT: &str = "012345678912";

fn identifier(request: &Request) -> Result<&str, Refusal> {
    request.field(IDENTIFIER).ok_or_else(|| {
        let message = format!("Missing {IDENTIFIER} header");
        Refusal::forbidden("Extension.MissingExtensionIdentifier", message)
    })
}

fn error_type(request: &Request) -> Option<String> {
    let field = request.field("Lambda-Runtime-Function-Error-Type");
    field.map(str::to_owned)
}

/// An error that the runtime reports. Its body names its type, if it is of the usual form.
fn posted_error(request: &Request) -> Posted {
    let body: Option<Value> = serde_json::from_slice(&request.body).ok();
    let named = body.and_then(|body| Some(body.get("errorType")?.as_str()?.to_owned()));
    let error_type = named.or_else(|| error_type(request));
    Posted {
        body: request.body.clone(),
        error_type: Some(error_type.unwrap_or_else(|| "Runtime.Unknown".to_owned())),
    }
}

/// The answer to the caller if that of the function is too large.
fn too_large() -> Posted {
    let kind = "Function.ResponseSizeTooLarge";
    let message =
        format!("Response payload size exceeded maximum allowed payload size ({PAYLOAD} bytes).");
    let body = format!("{{\"errorType\":\"{kind}\",\"errorMessage\":\"{message}\"}}");
    Posted {
        body: body.into_bytes(),
        error_type: Some(kind.to_owned()),
    }
}

fn accepted() -> Response {
    Response::json(202, &json!({"status": "OK"}))
}

fn refused(refusal: Refusal) -> Response {
    let Refusal {
        status,
        error_type,
        message,
    } = refusal;
    let body = json!({"errorMessage": message, "errorType": error_type});
    Response::json(status, &body)
}

fn not_found() -> Response {
    Response {
        status: 404,
        fields: vec![("Content-Type", "text/plain; charset=utf-8".to_owned())],
        body: b"404 page not found\n".to_vec(),
    }
}
