//! What Lambda sets: quotas.

mod quotas;
