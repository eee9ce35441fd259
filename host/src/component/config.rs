//! How wasmtime is set up: what a guest's code may use, how it is interrupted, and the pool its memory comes from.

use wasmtime::{Config, Enabled, Engine, PoolingAllocationConfig, ResourcesRequired};

/// What the engine of a run is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// How many instances may live at the same time.
    pub instances: u32,
    /// How many operations the process runs, each with as many instances.
    pub operations: u32,
    /// The most linear memory one instance may have, in bytes.
    pub memory_bytes: u64,
    /// Frames of a guest's stack that are told with a trap; 0 tells none and makes traps cheaper.
    pub backtrace_frames: usize,
}

/// Up to this many instances a memory reserves the whole 4 GiB it can address, and needs no bounds checks. More would
/// not fit into the 47 bits of address space that a process has.
pub const WIDE_INSTANCES_MAX: u32 = 8_000;

/// The guest's own stack; a native stack holds it and the host functions it calls.
const WASM_STACK_BYTES: usize = 512 << 10;
const NATIVE_STACK_BYTES: usize = 1 << 20;

/// What a slot of the pool keeps resident between two instances, so that a fresh one costs few page faults.
const KEEP_RESIDENT_BYTES: usize = 2 << 20;

/// Core instances in one component: its own modules and the adapters between them. Only counted, not reserved.
const CORE_INSTANCES_MAX: u32 = 256;

const WASM_PAGE_BYTES: u64 = 64 << 10;

impl Shape {
    fn is_wide(self) -> bool {
        self.instances.saturating_mul(self.operations) <= WIDE_INSTANCES_MAX
    }

    fn memory_slot_bytes(self) -> u64 {
        self.memory_bytes
            .next_multiple_of(WASM_PAGE_BYTES)
            .min(4 << 30)
    }
}

/// An engine that compiles, and loads what it compiled to look at it. It cannot make many instances.
///
/// # Errors
/// The configuration does not fit this machine.
pub fn compiler(shape: Shape) -> wasmtime::Result<Engine> {
    Engine::new(&config(shape))
}

/// The engine of a run: compatible with [`compiler`] of the same shape, its instances from a pool that is made to
/// measure for what an instance needs, as far as that is known.
///
/// # Errors
/// The pool does not fit into this machine's address space or memory maps.
pub fn runner(shape: Shape, needs: Option<&ResourcesRequired>) -> wasmtime::Result<Engine> {
    let mut config = config(shape);
    config.allocation_strategy(pool(shape, needs));
    Engine::new(&config)
}

/// Everything that decides what code is compiled, and what guests may do.
fn config(shape: Shape) -> Config {
    let mut config = Config::new();
    config
        // Without it an async call of a guest costs a third. Needed only for the async proposal, whose crate feature
        // is left out.
        .concurrency_support(false)
        // Interrupts an endless loop at the cost of a load and a compare per loop; fuel would cost 70 % on calls.
        .epoch_interruption(true)
        .max_wasm_stack(WASM_STACK_BYTES)
        .async_stack_size(NATIVE_STACK_BYTES)
        .wasm_backtrace_max_frames(std::num::NonZeroUsize::new(shape.backtrace_frames))
        // Nothing that no guest of ours needs: each proposal is surface for a hostile one.
        .wasm_gc(false)
        .wasm_function_references(false)
        .wasm_exceptions(false)
        .wasm_threads(false)
        .shared_memory(false)
        .wasm_memory64(false);
    if !shape.is_wide() {
        // Small reservations with bounds checks, and no copy-on-write image, which would cost two more memory maps an
        // instance.
        config
            .memory_reservation(shape.memory_slot_bytes())
            .memory_guard_size(WASM_PAGE_BYTES)
            .memory_reservation_for_growth(0)
            .memory_init_cow(false);
    }
    config
}

/// The pool: as many of everything as `shape.instances` copies of the component need at the same time.
fn pool(shape: Shape, needs: Option<&ResourcesRequired>) -> PoolingAllocationConfig {
    let (memories, tables, table_elements) = needs.map_or((4, 8, None), |needs| {
        (
            needs.num_memories.max(1),
            needs.num_tables.max(1),
            needs.max_initial_table_size,
        )
    });
    let table_elements = table_elements.unwrap_or(0).max(20_000);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(shape.instances)
        .total_core_instances(shape.instances.saturating_mul(CORE_INSTANCES_MAX))
        .total_memories(shape.instances.saturating_mul(memories))
        .total_tables(shape.instances.saturating_mul(tables))
        .total_stacks(shape.instances)
        .max_unused_warm_slots(shape.instances)
        .max_core_instances_per_component(CORE_INSTANCES_MAX)
        .max_memories_per_component(memories)
        .max_tables_per_component(tables)
        .max_component_instance_size(8 << 20)
        .max_core_instance_size(8 << 20)
        .table_elements(usize::try_from(table_elements).unwrap_or(usize::MAX))
        .max_memory_size(usize::try_from(shape.memory_slot_bytes()).unwrap_or(usize::MAX))
        .linear_memory_keep_resident(KEEP_RESIDENT_BYTES)
        .table_keep_resident(8 << 10)
        // Finds the pages that a guest has touched (Linux 6.7 and later): four times cheaper than without.
        .pagemap_scan(Enabled::Auto);
    pool
}
