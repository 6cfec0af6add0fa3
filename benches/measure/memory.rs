//! What this process holds of memory, as Linux counts it; `None` elsewhere.

use std::fs;

/// Forgets the highest memory so far, if the kernel can.
pub(crate) fn forget() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// Memory in MiB: what is held (`VmRSS:`) or the most since last forgotten (`VmHWM:`).
pub(crate) fn memory(key: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok().map(|kib| kib / 1024)
}
