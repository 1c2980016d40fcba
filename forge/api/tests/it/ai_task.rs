//! AiForge's task API, as its clients know it.

use axum::http::Method;
use hearth_app::testing::TestHearth;
use serde_json::{Value, json};

use crate::{client::Client, task::world};

const CREATE: &str = "/api/v1/mei/digits/ai_task/create";

/// The envelope of an answer, whose status is always 200.
async fn call(client: &Client, method: Method, path: &str, body: &Value) -> Value {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = client.call(method, path, &body).await.expect(200).json();
    assert!(answer["code"].is_i64() && answer["msg"].is_string(), "{answer}");
    answer
}

async fn get(client: &Client, path: &str) -> Value {
    call(client, Method::GET, path, &Value::Null).await
}

async fn post(client: &Client, path: &str, body: &Value) -> Value {
    call(client, Method::POST, path, body).await
}

/// What AiForge's form sends, with the id of the first spec.
async fn form(client: &Client) -> Value {
    let required = get(client, "/api/v1/ai_task/creation/required?job_type=TRAIN").await;
    json!({
        "job_type": "TRAIN",
        "display_job_name": "first-run",
        "cluster": "OpenI",
        "compute_source": "CPU",
        "spec_id": required["data"]["specs"]["all"][0]["id"],
        "image_id": required["data"]["images"][0]["image_id"],
        "branch_name": "main",
        "boot_file": "train.py",
        "params": "{\"parameter\":[{\"label\":\"lr\",\"value\":\"0.1\"}]}",
        "work_server_number": 1,
        "has_internet": 1,
        "time_limit": 2,
    })
}

/// The same with one field changed.
fn with(form: &Value, field: &str, value: impl Into<Value>) -> Value {
    let mut changed = form.clone();
    changed[field] = value.into();
    changed
}

#[tokio::test]
async fn a_form_of_aiforge_launches_a_task() {
    let (hearth, mei) = with_image().await;
    let made = post(&mei, CREATE, &form(&mei).await).await;
    assert_eq!((&made["code"], &made["data"]["status"]), (&json!(0), &json!("WAITING")), "{made}");
    let id = &made["data"]["id"];

    let detail = get(&mei, &format!("/api/v1/ai_task?id={id}")).await;
    let task = &detail["data"]["task"];
    assert_eq!(task["display_job_name"], "first-run");
    assert_eq!(task["parameters"], json!({"parameter": [{"label": "lr", "value": "0.1"}]}));
    assert_eq!((&task["time_limit"], &task["has_internet"]), (&json!(2), &json!(1)));
    assert_eq!((&task["compute_source"], &task["spec"]["acc_cards_num"]), (&json!("CPU"), &json!(0)));
    assert_eq!(task["created_unix"], hearth.app.now().as_second());
    assert_eq!((&detail["data"]["can_modify"], &detail["data"]["can_delete"]), (&json!(true), &json!(false)));

    let brief = get(&mei, &format!("/api/v1/ai_task/brief?id={id}")).await;
    assert_eq!(brief["data"]["formatted_duration"], "00:00:00");
    for list in [
        "/api/v1/mei/digits/ai_task/list?job_type=TRAIN&page=1&pageSize=10",
        "/api/v1/ai_task/my_list?q=first",
    ] {
        let found = get(&mei, list).await;
        assert_eq!((&found["data"]["total"], &found["data"]["tasks"][0]["task"]["id"]), (&json!(1), id));
        assert_eq!(found["data"]["tasks"][0]["creator"]["name"], "mei");
        assert_eq!(found["data"]["tasks"][0]["owner_name"], "mei");
    }
    let none = get(&mei, "/api/v1/ai_task/my_list?job_status=RUNNING").await;
    assert_eq!(none["data"]["tasks"], json!([]));
}

#[tokio::test]
async fn a_task_is_read_stopped_run_again_and_removed() {
    let (_hearth, mei) = with_image().await;
    let made = post(&mei, CREATE, &form(&mei).await).await;
    let at = |what: &str| format!("/api/v1/ai_task{what}?id={}", made["data"]["id"]);
    let log = get(&mei, &at("/log")).await;
    assert_eq!(
        log["data"],
        json!({"content": "", "start_line": 0, "end_line": 0, "lines": 0, "can_log_download": false})
    );
    assert_eq!(get(&mei, &at("/log/download")).await["code"], 9004);
    let output = get(&mei, &at("/output")).await;
    assert_eq!(output["data"]["output"]["file_list"], json!([]), "{output}");
    assert_eq!(output["data"]["output"]["is_task_terminal"], false);
    assert_eq!(get(&mei, &at("/output/all")).await["data"]["file_list"], json!([]));
    assert_eq!(get(&mei, &at("/output/download/all")).await["code"], 9004);
    assert_eq!(get(&mei, &at("/node_info")).await["data"][0]["id"], 0);
    assert_eq!(get(&mei, &at("/loss")).await["data"], json!([]));
    assert_eq!(get(&mei, &at("/resource_usage")).await["data"]["metrics_info"], json!([]));
    let steps = get(&mei, &at("/operation_profile")).await;
    assert_eq!(steps["data"]["events"][0]["reason"], "submitted", "{steps}");

    assert_eq!(post(&mei, &at("/del"), &Value::Null).await["code"], 2002, "it still waits");
    let export = post(&mei, &at("/export2aimodel"), &json!({"name": "digits"})).await;
    assert_eq!(export["code"], 2002, "{export}");
    let stopped = post(&mei, &at("/stop"), &Value::Null).await;
    assert_eq!((&stopped["code"], &stopped["data"]["status"]), (&json!(0), &json!("STOPPED")));
    let again = post(&mei, &at("/restart"), &Value::Null).await;
    assert_eq!(again["data"]["status"], "WAITING", "{again}");
    assert_eq!(post(&mei, &at("/del"), &Value::Null).await["code"], 0);
    assert_eq!(get(&mei, &at("")).await["code"], 9004);
    let several = post(&mei, "/api/v1/ai_task/batch_del", &json!({"id": [again["data"]["id"], 4711]})).await;
    assert_eq!(
        (&several["code"], several["data"].as_array().map(Vec::len)),
        (&json!(2002), Some(2)),
        "{several}"
    );
}

#[tokio::test]
async fn every_refusal_has_the_code_that_clients_know() {
    let (hearth, mei) = with_image().await;
    let good = form(&mei).await;
    for (field, value, code) in [
        ("job_type", json!("DEBUG"), 6003),
        ("job_type", json!("DANCE"), 9001),
        ("job_type", json!(""), 9001),
        ("display_job_name", json!(""), 9001),
        ("display_job_name", json!("a\u{202e}b"), 9001),
        ("spec_id", json!(4711), 2003),
        ("compute_source", json!("NPU"), 2003),
        ("image_id", json!("4711"), 2027),
        ("branch_name", json!("none"), 2020),
        ("boot_file", json!("none.py"), 2014),
        ("boot_file", json!("run.sh"), 2015),
        ("params", json!("lr=0.1"), 9001),
        ("time_limit", json!(25), 9001),
        ("has_internet", json!(3), 9001),
        ("dataset_uuid_str", json!("some"), 2007),
        ("pretrain_model_id_str", json!("some"), 2008),
        ("is_continue", json!(true), 6003),
        ("spec_id", json!("one"), 9001),
    ] {
        let refused = post(&mei, CREATE, &with(&good, field, value.clone())).await;
        assert_eq!(refused["code"], code, "{field} = {value}: {refused}");
        assert!(refused["data"].is_null());
    }
    assert_eq!(post(&mei, "/api/v1/mei/none/ai_task/create", &good).await["code"], 9004);
    assert_eq!(get(&mei, "/api/v1/ai_task?id=4711").await["code"], 9004);
    assert_eq!(get(&mei, "/api/v1/ai_task?id=x").await["code"], 9001);
    assert_eq!(get(&mei, "/api/v1/ai_task").await["code"], 9001);
    hearth.user("bo").await;
    let bo = Client::with_token(&hearth, "bo", "all").await;
    assert_eq!(post(&bo, CREATE, &good).await["code"], 9003);
    let reader = Client::with_token(&hearth, "mei", "read:task").await;
    assert_eq!(post(&reader, CREATE, &good).await["code"], 9003);
    let nobody = Client::anonymous(&hearth.app);
    nobody.call(Method::POST, CREATE, &good.to_string()).await.expect(401);
    nobody.get("/api/v1/ai_task/my_list").await.expect(401);
    mei.authorized("Bearer guess").get("/api/v1/ai_task/my_list").await.expect(401);
}

#[tokio::test]
async fn what_others_may_not_see_does_not_exist() {
    let (hearth, mei) = with_image().await;
    let made = post(&mei, CREATE, &form(&mei).await).await;
    mei.call(Method::PATCH, "/api/v1/repos/mei/digits", r#"{"private": true}"#).await.expect(200);
    hearth.user("bo").await;
    let bo = Client::with_token(&hearth, "bo", "all").await;
    let id = &made["data"]["id"];
    for what in ["", "/brief", "/log", "/output", "/loss", "/debug_url"] {
        assert_eq!(get(&bo, &format!("/api/v1/ai_task{what}?id={id}")).await["code"], 9004, "{what}");
    }
    assert_eq!(get(&bo, "/api/v1/mei/digits/ai_task/list").await["code"], 9004);
}

#[tokio::test]
async fn unsupported_calls_are_refused() {
    let (_hearth, mei) = with_image().await;
    let made = post(&mei, CREATE, &form(&mei).await).await;
    let id = &made["data"]["id"];
    for what in ["debug_url", "visualize_url", "self_endpoint_url", "eval_result"] {
        let answer = get(&mei, &format!("/api/v1/ai_task/{what}?id={id}")).await;
        assert_eq!((&answer["code"], &answer["data"]), (&json!(6003), &Value::Null), "{what}");
    }
    for what in ["export2dataset", "output/reschedule"] {
        let answer = post(&mei, &format!("/api/v1/ai_task/{what}?id={id}"), &Value::Null).await;
        assert_eq!(answer["code"], 6003, "{what}");
    }
}

#[tokio::test]
async fn a_form_learns_what_it_can_offer() {
    let (_hearth, mei) = with_image().await;
    let required =
        get(&mei, "/api/v1/mei/digits/ai_task/creation/required?job_type=TRAIN&compute_source=CPU").await;
    let data = &required["data"];
    assert_eq!((&data["branches"], &data["default_branch"]), (&json!(["main"]), &json!("main")));
    assert_eq!((&data["can_create_more"], &data["pay_switch"]), (&json!(true), &json!(false)));
    let spec = &data["specs"]["all"][0];
    assert_eq!((&spec["compute_resource"], &spec["cpu_cores"]), (&json!("CPU"), &json!(1)), "{spec}");
    let images = get(&mei, &format!("/api/v1/ai_task/creation/image_by_spec?spec_id={}", spec["id"])).await;
    assert_eq!(images["data"]["images"], data["images"]);
    let none = get(&mei, "/api/v1/ai_task/creation/required?job_type=TRAIN&compute_source=NPU").await;
    assert_eq!(none["data"]["specs"]["all"], json!([]));
    assert_eq!(get(&mei, "/api/v1/ai_task/creation/required?job_type=HPC").await["code"], 6003);
}

/// The world of the other tests, which offers an image.
async fn with_image() -> (TestHearth, Client) {
    let (hearth, mei) = world().await;
    let required = get(&mei, "/api/v1/ai_task/creation/required").await;
    assert!(required["data"]["images"][0]["image_id"].is_string(), "{required}");
    (hearth, mei)
}
