//! What waits to be answered: messages in order of arrival, and which requests were taken back.

use std::collections::VecDeque;

use crossbeam_channel::{Receiver, select};
use lsp_server::{Message, RequestId};

use crate::attached::Update;
use crate::lsp_types::{CancelParams, Id};

/// Messages that are looked at ahead. Behind them the editor waits.
const LOOKED_AHEAD_MAX: usize = 1024;

/// Messages in order of arrival, and what is found out about clusters meanwhile.
#[derive(Debug)]
pub(crate) struct Inbox {
    receiver: Receiver<Message>,
    updates: Receiver<Update>,
    waiting: VecDeque<Waiting>,
}

/// What is next to be done.
#[derive(Debug)]
pub(crate) enum Next {
    /// A message to act on.
    Message(Message),
    /// A request that the editor took back before its turn came: it is refused, and never computed.
    Cancelled(RequestId),
    /// Something was found out. It waits for all messages.
    Update(Update),
}

#[derive(Debug)]
struct Waiting {
    message: Message,
    is_cancelled: bool,
}

impl Inbox {
    /// What comes from an editor, and from those who follow clusters.
    pub(crate) fn new(receiver: Receiver<Message>, updates: Receiver<Update>) -> Inbox {
        Inbox {
            receiver,
            updates,
            waiting: VecDeque::new(),
        }
    }

    /// Waits for what is next; `None` if the editor is gone and nothing is left.
    pub(crate) fn next(&mut self) -> Option<Next> {
        loop {
            self.look_ahead();
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
            let message = select! {
                recv(self.receiver) -> message => message.ok()?,
                recv(self.updates) -> update => match update {
                    Ok(update) => return Some(Next::Update(update)),
                    // Nobody follows clusters any more.
                    Err(_) => self.receiver.recv().ok()?,
                },
            };
            self.take(message);
        }
    }

    /// Whether nothing is known to wait.
    pub(crate) fn is_empty(&mut self) -> bool {
        self.look_ahead();
        self.waiting.is_empty()
    }

    /// Takes in what has arrived.
    fn look_ahead(&mut self) {
        while self.waiting.len() < LOOKED_AHEAD_MAX {
            let Ok(message) = self.receiver.try_recv() else {
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
