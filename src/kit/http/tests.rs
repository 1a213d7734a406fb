//! Every way that is known to lead such a client into somebody's own house, with a canary listening there.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::canary::*;
use super::request::trouble_of;
use super::*;

/// A client for which the given ports are the usual ones, so that nothing is refused for its port alone.
fn client(allow: &str, directory: Arc<dyn Directory>, ports: &[u16]) -> Outbound {
    let allow = AllowList::parse(allow).expect("a list");
    Outbound::with(allow, "Loggia-Test", None, directory, ports, 0).expect("a client")
}

fn get(url: Url) -> Request {
    Request {
        tls_required: false,
        ..Request::get(url)
    }
    .within(Duration::from_secs(5))
}

async fn trouble(outbound: &Outbound, request: Request) -> Trouble {
    outbound.send(request).await.expect_err("refused").trouble()
}

#[tokio::test]
async fn a_named_target_is_reached() {
    let canary = Listener::canary().await;
    for allow in [
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{}", canary.port),
        "127.0.0.0/8".to_owned(),
    ] {
        let outbound = client(&allow, Arc::new(System), &[80, 443]);
        let response = outbound
            .send(Request::get(canary.url("/x")))
            .await
            .expect("reached");
        assert_eq!(
            (response.status, response.body.as_slice()),
            (200, &b"tweet"[..]),
            "{allow}"
        );
    }
    assert_eq!(
        canary.connections(),
        3,
        "a canary that nobody can reach would prove nothing"
    );
}

#[tokio::test]
async fn no_spelling_of_our_own_house_is_called() {
    let canary = Listener::canary().await;
    let outbound = client("", Arc::new(System), &[80, 443, canary.port]);
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0177.1",
        "0x7f000001",
        "127.0.0.1.",
        "0.0.0.0",
        "0",
        "[::]",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fc00::1]",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "localhost",
        "localhost.",
        "LOCALHOST",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
    ] {
        let target = format!("http://{host}:{}/", canary.port);
        let told = outbound.send(get(url(&target))).await.expect_err("refused");
        // Not every machine knows `localhost` with a dot; an unknown name is as good.
        let unknown = host == "localhost." && told == SendError::NotSent(Trouble::Name);
        assert!(
            unknown || told == SendError::NotSent(Trouble::Barred(Barred::Address)),
            "{host}: {told:?}"
        );
    }
    assert_eq!(canary.connections(), 0);
}

#[tokio::test]
async fn the_check_of_written_addresses_is_needed() {
    // The resolver inside the client is never asked about an address that stands in the URL: past our own check
    // the canary would be called. (If this fails, the client has learnt to ask, and the check can be thought over.)
    let canary = Listener::canary().await;
    let outbound = client("", Arc::new(System), &[80, 443, canary.port]);
    let told = outbound.public_or_named.get(canary.url("/")).send().await;
    assert!(told.is_ok());
    assert_eq!(canary.connections(), 1);
    let told = outbound
        .public_or_named
        .get(url(&format!("http://localhost:{}/", canary.port)))
        .send()
        .await;
    assert_eq!(
        told.map(|_| ()).map_err(|e| trouble_of(&e)),
        Err(Trouble::Barred(Barred::Address)),
        "names are held by it"
    );
    assert_eq!(canary.connections(), 1);
}

#[tokio::test]
async fn all_answers_of_a_name_are_judged() {
    let canary = Listener::canary().await;
    for answers in [
        &["127.0.0.1"][..],
        &["93.184.215.14", "127.0.0.1"],
        &["127.0.0.1", "93.184.215.14"],
        &["::1"],
        &["::ffff:127.0.0.1"],
    ] {
        let outbound = client("", Script::of("sly.example", &[answers]), &[canary.port]);
        let target = url(&format!("http://sly.example:{}/", canary.port));
        assert_eq!(
            outbound.send(get(target)).await.err(),
            Some(SendError::NotSent(Trouble::Barred(Barred::Address)))
        );
    }
    assert_eq!(canary.connections(), 0);
}

#[tokio::test]
async fn a_name_that_changes_its_mind_gains_nothing() {
    let canary = Listener::canary().await;
    // The range of one address is named, the second answer lies beside it.
    let outbound = client(
        "127.0.0.1",
        Script::of("sly.example", &[&["127.0.0.1"], &["127.0.0.2"]]),
        &[canary.port],
    );
    let target = url(&format!("http://sly.example:{}/", canary.port));
    assert!(outbound.send(get(target.clone())).await.is_ok());
    assert_eq!(
        trouble(&outbound, get(target)).await,
        Trouble::Barred(Barred::Address)
    );
    assert_eq!(canary.connections(), 1);
}

#[tokio::test]
async fn redirects_are_judged_at_every_hop() {
    let canary = Listener::canary().await;
    let port = canary.port;
    for last in 1..=3 {
        let server = Listener::new(move |request| {
            let hop: usize = request
                .trim_start_matches("GET /")
                .chars()
                .next()
                .and_then(|c| c.to_digit(10))
                .map_or(0, |n| n as usize);
            Act::Answer(if hop + 1 == last {
                found(&format!("http://127.0.0.1:{port}/"))
            } else {
                found(&format!("/{}", hop + 1))
            })
        })
        .await;
        let outbound = client(
            &format!("127.0.0.1:{}", server.port),
            Arc::new(System),
            &[80, 443, port],
        );
        assert_eq!(
            trouble(&outbound, get(server.url("/0"))).await,
            Trouble::Barred(Barred::Address),
            "hop {last}"
        );
        assert_eq!(server.connections(), last);
    }
    assert_eq!(canary.connections(), 0);
}

#[tokio::test]
async fn a_fourth_redirect_is_one_too_many() {
    let server = Listener::new(|_| Act::Answer(found("/again"))).await;
    let outbound = client("127.0.0.1", Arc::new(System), &[]);
    assert_eq!(
        trouble(&outbound, get(server.url("/"))).await,
        Trouble::Barred(Barred::Hops)
    );
    assert_eq!(server.connections(), 4);
    for to in [
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "javascript:1",
        "http://user@127.0.0.1/",
    ] {
        let server = Listener::new(move |_| Act::Answer(found(to))).await;
        assert!(
            matches!(
                trouble(&outbound, get(server.url("/"))).await,
                Trouble::Barred(Barred::Scheme | Barred::UserInfo)
            ),
            "{to}"
        );
    }
}

#[tokio::test]
async fn what_was_posted_is_not_repeated_elsewhere() {
    let canary = Listener::canary().await;
    let to = canary.url("/").to_string();
    let server = Listener::new(move |_| Act::Answer(found(&to))).await;
    let outbound = client("127.0.0.1", Arc::new(System), &[]);
    let response = outbound
        .send(Request::post(server.url("/"), b"{}".to_vec()))
        .await
        .expect("answered");
    assert_eq!(response.status, 302);
    assert_eq!(canary.connections(), 0);
}

#[tokio::test]
async fn another_origin_gets_no_secrets() {
    let canary = Listener::canary().await;
    let to = canary.url("/").to_string();
    let server = Listener::new(move |_| Act::Answer(found(&to))).await;
    let outbound = client("127.0.0.1", Arc::new(System), &[]);
    let request = get(server.url("/"))
        .header("Authorization", "Bearer hush")
        .and_then(|r| r.header("X-Key", "hush"))
        .and_then(|r| r.header("Accept", "text/html"))
        .expect("headers");
    assert!(outbound.send(request).await.is_ok());
    assert!(server.heard().concat().contains("hush"));
    let heard = canary.heard().concat().to_lowercase();
    assert!(
        !heard.contains("hush")
            && heard.contains("accept: text/html")
            && !heard.contains("referer"),
        "{heard}"
    );
}

#[tokio::test]
async fn schemes_ports_and_user_names_are_refused_before_anything_is_looked_up() {
    let outbound = client("", Arc::new(Script::default()), &[80, 443]);
    for (target, barred) in [
        ("file:///etc/passwd", Barred::Scheme),
        ("gopher://a.example/", Barred::Scheme),
        ("ftp://a.example/", Barred::Scheme),
        ("data:text/plain,x", Barred::Scheme),
        ("https://user@a.example/", Barred::UserInfo),
        ("https://user:word@a.example/", Barred::UserInfo),
        ("https://a.example:8443/", Barred::Port),
        ("https://a.example:22/", Barred::Port),
        ("https://93.184.215.14:22/", Barred::Port),
        ("http://a.example/", Barred::PlainHttp),
        ("http://93.184.215.14/", Barred::PlainHttp),
    ] {
        let told = outbound.send(Request::get(url(target))).await.err();
        assert_eq!(
            told,
            Some(SendError::NotSent(Trouble::Barred(barred))),
            "{target}"
        );
        assert_eq!(outbound.check_url(&url(target), true), Err(barred));
    }
    assert_eq!(outbound.check_url(&url("http://a.example/"), false), Ok(()));
    assert_eq!(
        outbound.check_url(&url("https://a.example/x?y"), true),
        Ok(())
    );
}

#[tokio::test]
async fn a_named_range_frees_ports_for_names_that_lead_into_it_only() {
    let canary = Listener::canary().await;
    let names = Script::of("inside.example", &[&["127.0.0.1"]]);
    let outbound = client("127.0.0.0/8", names, &[80, 443]);
    let inside = url(&format!("http://inside.example:{}/", canary.port));
    assert!(outbound.send(Request::get(inside)).await.is_ok());
    let outbound = client(
        "127.0.0.0/8",
        Script::of("outside.example", &[&["93.184.215.14"]]),
        &[80, 443],
    );
    let outside = url(&format!("http://outside.example:{}/", canary.port));
    assert_eq!(
        trouble(&outbound, Request::get(outside)).await,
        Trouble::Barred(Barred::Address)
    );
    assert_eq!(canary.connections(), 1);
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    for head in [
        "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
    ] {
        let server = Listener::new(move |_| Act::Flood(head.to_owned())).await;
        let outbound = client("127.0.0.1", Arc::new(System), &[]);
        let told = outbound.send(get(server.url("/"))).await.err();
        assert_eq!(
            told,
            Some(SendError::Unknown {
                trouble: Trouble::TooLong,
                status: Some(200)
            })
        );
    }
}

#[tokio::test]
async fn a_compressed_answer_is_not_inflated() {
    let server = Listener::new(|request| {
        assert!(request.to_lowercase().contains("accept-encoding: identity"));
        Act::Answer(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc".to_owned(),
        )
    })
    .await;
    let outbound = client("127.0.0.1", Arc::new(System), &[]);
    assert_eq!(
        outbound
            .send(get(server.url("/")))
            .await
            .expect("as it came")
            .body,
        b"abc"
    );
}

#[tokio::test]
async fn a_dripping_answer_ends_with_its_time() {
    for head in [
        "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-Slow: ",
    ] {
        let server = Listener::new(move |_| Act::Drip(head.to_owned())).await;
        let outbound = client("127.0.0.1", Arc::new(System), &[]);
        let told = outbound
            .send(get(server.url("/")).within(Duration::from_millis(300)))
            .await
            .err();
        let status = head.contains("Length").then_some(200);
        assert_eq!(
            told,
            Some(SendError::Unknown {
                trouble: Trouble::Timeout,
                status
            })
        );
    }
}

#[tokio::test]
async fn what_never_left_is_told_from_what_may_have_arrived() {
    let outbound = client("127.0.0.1", Arc::new(Script::default()), &[]);
    let closed = TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port")
        .local_addr()
        .expect("an address")
        .port();
    let post = |target: &str| Request::post(url(target), b"{\"secret\":1}".to_vec());
    let told = outbound
        .send(post(&format!("http://127.0.0.1:{closed}/")))
        .await
        .err();
    assert_eq!(told, Some(SendError::NotSent(Trouble::Connect)));

    let told = outbound.send(post("https://nowhere.example/")).await.err();
    assert_eq!(told, Some(SendError::NotSent(Trouble::Name)));

    let plain = Listener::new(|_| Act::HangUp).await;
    let told = outbound
        .send(post(&format!("https://127.0.0.1:{}/", plain.port)).within(Duration::from_secs(7)))
        .await
        .err();
    assert!(
        matches!(told, Some(SendError::NotSent(_))),
        "a handshake that fails: {told:?}"
    );

    let server = Listener::new(|_| Act::HangUp).await;
    let told = outbound
        .send(post(&format!("http://127.0.0.1:{}/", server.port)))
        .await
        .err();
    assert_eq!(
        told,
        Some(SendError::Unknown {
            trouble: Trouble::Broken,
            status: None
        })
    );
    assert_eq!(server.connections(), 1, "not repeated behind our back");

    let cut = Listener::new(|_| {
        Act::Answer("HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\nhalf".to_owned())
    })
    .await;
    let told = outbound
        .send(post(&format!("http://127.0.0.1:{}/", cut.port)))
        .await
        .err();
    assert_eq!(
        told,
        Some(SendError::Unknown {
            trouble: Trouble::Broken,
            status: Some(201)
        })
    );
}

#[tokio::test]
async fn errors_and_requests_tell_no_secrets() {
    let server = Listener::new(|_| Act::HangUp).await;
    let outbound = client("127.0.0.1", Arc::new(System), &[]);
    let request = Request::post(server.url("/hooks/hush?key=hush"), b"hush".to_vec())
        .header("Authorization", "hush")
        .expect("a header");
    let mut told = format!("{request:?}");
    let error = outbound.send(request).await.expect_err("hung up");
    told.push_str(&format!("{error} {error:?} {outbound:?}"));
    assert!(
        !told.contains("hush") && !told.contains("127.0.0.1"),
        "{told}"
    );
}

#[tokio::test]
async fn through_a_proxy_names_are_judged_before() {
    let proxy = Listener::new(|_| Act::Answer(ok("by proxy"))).await;
    let with = |names: Arc<Script>| {
        let at = format!("http://127.0.0.1:{}", proxy.port);
        Outbound::with(
            AllowList::default(),
            "Loggia-Test",
            Some(&at),
            names,
            &[80, 443],
            0,
        )
        .expect("a client")
    };
    let target = || get(url("http://a.example/x"));
    let outbound = with(Script::of("a.example", &[&["93.184.215.14"]]));
    assert_eq!(
        outbound.send(target()).await.expect("by proxy").body,
        b"by proxy"
    );
    let outbound = with(Script::of("a.example", &[&["10.0.0.1"]]));
    assert_eq!(
        trouble(&outbound, target()).await,
        Trouble::Barred(Barred::Address)
    );
    assert_eq!(proxy.connections(), 1);
    assert!(
        proxy
            .heard()
            .concat()
            .starts_with("GET http://a.example/x HTTP/1.1")
    );
    assert!(Outbound::new(AllowList::default(), "x", Some("::not::")).is_err());
}
