//! What waits to be answered: messages in order of arrival, and which requests were taken back.

use std::collections::VecDeque;

use crossbeam_channel::Receiver;
use lsp_server::{Message, RequestId};

use crate::lsp_types::{CancelParams, Id};

/// Messages that are looked at ahead. Behind them the editor waits.
const LOOKED_AHEAD_MAX: usize = 1024;

/// Messages in order of arrival.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    waiting: VecDeque<Waiting>,
}

/// What is next to be done.
#[derive(Debug)]
pub(crate) enum Next {
    /// A message to act on.
    Message(Message),
    /// A request that the editor took back before its turn came: it is refused, and never computed.
    Cancelled(RequestId),
}

#[derive(Debug)]
struct Waiting {
    message: Message,
    is_cancelled: bool,
}

impl Inbox {
    /// Waits for what is next; `None` if the editor is gone and nothing is left.
    pub(crate) fn next(&mut self, receiver: &Receiver<Message>) -> Option<Next> {
        loop {
            self.look_ahead(receiver);
            if let Some(Waiting {
                message,
                is_cancelled,
            }) = self.waiting.pop_front()
            {
                return Some(match message {
                    Message::Request(request) if is_cancelled => Next::Cancelled(request.id),
                    message => Next::Message(message),
                });
            }
            self.take(receiver.recv().ok()?);
        }
    }

    /// Whether nothing is known to wait.
    pub(crate) fn is_empty(&mut self, receiver: &Receiver<Message>) -> bool {
        self.look_ahead(receiver);
        self.waiting.is_empty()
    }

    /// Takes in what has arrived.
    fn look_ahead(&mut self, receiver: &Receiver<Message>) {
        while self.waiting.len() < LOOKED_AHEAD_MAX {
            let Ok(message) = receiver.try_recv() else {
                return;
            };
            self.take(message);
        }
    }

    /// Takes in a message. One that takes a request back has done its work here; of a request that
    /// was answered already, or never made, there is nothing to take back.
    fn take(&mut self, message: Message) {
        match message {
            Message::Notification(notification) if notification.method == "$/cancelRequest" => {
                let Ok(params) = serde_json::from_value::<CancelParams>(notification.params) else {
                    return;
                };
                let id = match params.id {
                    Id::Int(number) => RequestId::from(number),
                    Id::String(text) => RequestId::from(text),
                };
                for waiting in &mut self.waiting {
                    // The end of a session is not taken back.
                    waiting.is_cancelled |= matches!(&waiting.message, Message::Request(request)
                        if request.id == id && request.method != "shutdown");
                }
            }
            message => self.waiting.push_back(Waiting {
                message,
                is_cancelled: false,
            }),
        }
    }
}
