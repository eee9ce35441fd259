//! The same two loads for goose: with FLOW set the flow of two requests, else one request.

use goose::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Answer {
    id: String,
    status: String,
}

async fn get(user: &mut GooseUser) -> TransactionResult {
    let answer = user.get("").await?;
    let _ = answer.response?.bytes().await;
    Ok(())
}

async fn flow(user: &mut GooseUser) -> TransactionResult {
    let order = user.get("").await?.response?.json::<Answer>().await?;
    let mut answer = user.get(&format!("/tx/{}", order.id)).await?;
    let done = answer.response?.json::<Answer>().await?;
    if done.status != "DONE" {
        return user.set_failure("not done", &mut answer.request, None, None);
    }
    Ok(())
}

// One thread, as everybody else has here.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), GooseError> {
    let transaction = match std::env::var_os("FLOW") {
        Some(_) => transaction!(flow),
        None => transaction!(get),
    };
    GooseAttack::initialize()?
        .register_scenario(scenario!("Load").register_transaction(transaction))
        .execute()
        .await?;
    Ok(())
}
