//! What `bindgen!` makes of `wit/`: the imports a guest may use, as traits that `host` implements.
//!
//! The exports are looked up by hand in `exports`, since an operation may have only some of them.

wasmtime::component::bindgen!({
    world: "imports",
    path: "../wit",
    imports: {
        "gorgon:load/clock.sleep": async,
        "gorgon:load/http.get": async,
        "gorgon:load/http.send": async,
        "gorgon:load/http.send-all": async,
        "gorgon:load/http.header": trappable,
        "gorgon:load/http.header-all": trappable,
        "gorgon:load/http.headers-of": trappable,
        "gorgon:load/http.timings-of": trappable,
        "gorgon:load/http.reused": trappable,
        "gorgon:load/http.version": trappable,
    },
});
