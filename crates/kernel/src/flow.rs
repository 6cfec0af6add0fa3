//! Maximum flow on a regular lattice, by two search trees that are kept from path to path.

use std::collections::VecDeque;
use std::ops::Range;

/// Which terminal a node hangs on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tree {
    None,
    Source,
    Sink,
}

/// How a node hangs on its terminal: by an arc of its own, or as follows.
type Parent = u8;
const TERMINAL: Parent = u8::MAX;
const ORPHAN: Parent = u8::MAX - 1;
const NOTHING: Parent = u8::MAX - 2;

/// A flow network whose nodes lie on a lattice: arc `n` of every node goes to the node `step` farther
/// on in the list, and arc `back` of that node comes back.
///
/// Search trees grow from source and sink, and are mended after each augmentation
/// (Boykov and Kolmogorov 2004, doi:10.1109/TPAMI.2004.60, not checked). Arcs that would leave the
/// lattice must have no capacity.
pub(crate) struct Flow {
    arcs: Vec<Arc>,
    /// Residual capacities, those of one node side by side.
    residual: Vec<i32>,
    /// From the source where positive, to the sink where negative.
    terminal: Vec<i32>,
    tree: Vec<Tree>,
    parent: Vec<Parent>,
    stamp: Vec<u32>,
    distance: Vec<u32>,
    queued: Vec<bool>,
    active: VecDeque<u32>,
    orphans: VecDeque<u32>,
    time: u32,
}

/// An arc that every node has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arc {
    /// To the node so much farther on.
    pub(crate) step: isize,
    /// The arc of that node which comes back.
    pub(crate) back: usize,
}

/// A capacity that is never used up: flows are kept below it by whoever makes the network.
pub(crate) const ENDLESS: i32 = 1 << 29;

impl Flow {
    /// A network without capacities.
    pub(crate) fn new(nodes: usize, arcs: Vec<Arc>) -> Self {
        assert!(arcs.len() < usize::from(NOTHING), "arcs are counted in bytes");
        Self {
            residual: vec![0; nodes * arcs.len()],
            arcs,
            terminal: vec![0; nodes],
            tree: vec![Tree::None; nodes],
            parent: vec![NOTHING; nodes],
            stamp: vec![0; nodes],
            distance: vec![0; nodes],
            queued: vec![false; nodes],
            active: VecDeque::new(),
            orphans: VecDeque::new(),
            time: 0,
        }
    }

    /// Adds capacity to an arc of a node.
    pub(crate) fn add(&mut self, node: usize, arc: usize, capacity: i32) {
        self.residual[node * self.arcs.len() + arc] += capacity;
    }

    /// Adds capacity from the source to a node, or from the node to the sink if negative.
    pub(crate) fn add_terminal(&mut self, node: usize, capacity: i32) {
        self.terminal[node] += capacity;
    }

    /// Sends what some neighbouring nodes of the list can take from each other along arc `arc`, which
    /// leads to the node before and is endless among them: the nearest first. This is the bulk of the flow
    /// where the nodes are the levels of a place, and costs no search.
    pub(crate) fn settle(&mut self, nodes: Range<usize>, arc: usize) {
        let (width, back) = (self.arcs.len(), self.arcs[arc].back);
        let mut takers: Vec<usize> = Vec::new();
        for node in nodes {
            if self.terminal[node] < 0 {
                takers.push(node);
            }
            while self.terminal[node] > 0 {
                let Some(taker) = takers.pop() else { break };
                let sent = self.terminal[node].min(-self.terminal[taker]);
                self.terminal[node] -= sent;
                self.terminal[taker] += sent;
                for passed in taker..node {
                    self.residual[(passed + 1) * width + arc] -= sent;
                    self.residual[passed * width + back] += sent;
                }
                if self.terminal[taker] < 0 {
                    takers.push(taker);
                }
            }
        }
    }

    /// Sends as much as can be sent. A node is then on the side of the source if the source still
    /// reaches it: the smallest such side of all least cuts, whatever the order of augmentations.
    pub(crate) fn run(&mut self) {
        for node in 0..self.terminal.len() {
            if self.terminal[node] != 0 {
                self.tree[node] = if self.terminal[node] > 0 { Tree::Source } else { Tree::Sink };
                self.parent[node] = TERMINAL;
                self.distance[node] = 1;
                self.activate(node);
            }
        }
        while let Some(node) = self.active.pop_front() {
            let node = node as usize;
            self.queued[node] = false;
            while self.tree[node] != Tree::None {
                let Some(bridge) = self.grow(node) else { break };
                self.time += 1;
                self.augment(bridge);
                self.adopt();
            }
        }
    }

    /// Says whether a node is on the side of the source.
    pub(crate) fn is_source(&self, node: usize) -> bool {
        self.tree[node] == Tree::Source
    }

    fn activate(&mut self, node: usize) {
        if !self.queued[node] {
            self.queued[node] = true;
            self.active.push_back(node as u32);
        }
    }

    fn head(&self, node: usize, arc: usize) -> usize {
        node.wrapping_add_signed(self.arcs[arc].step)
    }

    /// What can still be sent along an arc, away from the source in its tree, towards the sink in
    /// the other.
    fn room(&self, tree: Tree, node: usize, arc: usize) -> i32 {
        let width = self.arcs.len();
        if tree == Tree::Source {
            return self.residual[node * width + arc];
        }
        let head = self.head(node, arc);
        // Arcs that leave the lattice have no capacity either way.
        self.residual
            .get(head.wrapping_mul(width).wrapping_add(self.arcs[arc].back))
            .map_or(0, |r| *r)
    }

    /// Lets a tree grow from a node, until it meets the other: the node on the source's side and its
    /// arc across.
    fn grow(&mut self, node: usize) -> Option<(usize, usize)> {
        let tree = self.tree[node];
        for arc in 0..self.arcs.len() {
            if self.room(tree, node, arc) <= 0 {
                continue;
            }
            let (head, back) = (self.head(node, arc), self.arcs[arc].back);
            if self.tree[head] == Tree::None {
                self.tree[head] = tree;
                self.hang(head, back, node);
                self.activate(head);
            } else if self.tree[head] != tree {
                return Some(if tree == Tree::Source { (node, arc) } else { (head, back) });
            } else if self.stamp[head] <= self.stamp[node]
                && self.distance[head] > self.distance[node]
            {
                self.hang(head, back, node);
            }
        }
        None
    }

    fn hang(&mut self, node: usize, arc: usize, on: usize) {
        self.parent[node] = arc as Parent;
        self.stamp[node] = self.stamp[on];
        self.distance[node] = self.distance[on] + 1;
    }

    /// Sends what the path through a bridge between the trees takes.
    fn augment(&mut self, (node, arc): (usize, usize)) {
        let width = self.arcs.len();
        let (head, back) = (self.head(node, arc), self.arcs[arc].back);
        let mut sent = self.residual[node * width + arc];
        for (tree, end) in [(Tree::Source, node), (Tree::Sink, head)] {
            let mut at = end;
            while self.parent[at] != TERMINAL {
                let (next, up, down) = self.up(at);
                sent = sent.min(self.residual[if tree == Tree::Source { down } else { up }]);
                at = next;
            }
            sent = sent.min(self.terminal[at].abs());
        }
        self.residual[node * width + arc] -= sent;
        self.residual[head * width + back] += sent;
        for (tree, end) in [(Tree::Source, node), (Tree::Sink, head)] {
            let mut at = end;
            while self.parent[at] != TERMINAL {
                let (next, up, down) = self.up(at);
                let (less, more) = if tree == Tree::Source { (down, up) } else { (up, down) };
                self.residual[less] -= sent;
                self.residual[more] += sent;
                if self.residual[less] == 0 {
                    self.orphan(at);
                }
                at = next;
            }
            self.terminal[at] -= if tree == Tree::Source { sent } else { -sent };
            if self.terminal[at] == 0 {
                self.orphan(at);
            }
        }
    }

    /// The parent of a node, and the places of the capacities to it and from it.
    fn up(&self, node: usize) -> (usize, usize, usize) {
        let (arc, width) = (usize::from(self.parent[node]), self.arcs.len());
        let next = self.head(node, arc);
        (next, node * width + arc, next * width + self.arcs[arc].back)
    }

    fn orphan(&mut self, node: usize) {
        self.parent[node] = ORPHAN;
        self.orphans.push_front(node as u32);
    }

    /// Finds new parents for those who lost theirs, or sets them free.
    fn adopt(&mut self) {
        while let Some(node) = self.orphans.pop_front() {
            let node = node as usize;
            let tree = self.tree[node];
            // The way of capacity is that of the parent: towards the node from the source.
            let other = if tree == Tree::Source { Tree::Sink } else { Tree::Source };
            let mut best: Option<(u32, usize)> = None;
            for arc in 0..self.arcs.len() {
                if self.room(other, node, arc) <= 0 {
                    continue;
                }
                let head = self.head(node, arc);
                if self.tree[head] != tree {
                    continue;
                }
                if let Some(distance) = self.way_home(head)
                    && best.is_none_or(|(least, _)| distance < least)
                {
                    best = Some((distance, arc));
                }
            }
            match best {
                Some((distance, arc)) => {
                    self.parent[node] = arc as Parent;
                    self.stamp[node] = self.time;
                    self.distance[node] = distance + 1;
                }
                None => self.set_free(node, tree, other),
            }
        }
    }

    /// How far a node is from its terminal, unless its way there is broken. Nodes on the way
    /// remember.
    fn way_home(&mut self, node: usize) -> Option<u32> {
        let mut at = node;
        let mut distance = 0;
        let home = loop {
            if self.stamp[at] == self.time {
                break distance + self.distance[at];
            }
            match self.parent[at] {
                TERMINAL => {
                    self.stamp[at] = self.time;
                    self.distance[at] = 1;
                    break distance + 1;
                }
                ORPHAN | NOTHING => return None,
                arc => {
                    at = self.head(at, usize::from(arc));
                    distance += 1;
                }
            }
        };
        let (mut at, mut left) = (node, home);
        while self.stamp[at] != self.time {
            self.stamp[at] = self.time;
            self.distance[at] = left;
            left -= 1;
            at = self.head(at, usize::from(self.parent[at]));
        }
        Some(home)
    }

    fn set_free(&mut self, node: usize, tree: Tree, other: Tree) {
        for arc in 0..self.arcs.len() {
            let back = self.arcs[arc].back;
            let (down, up) = (self.room(other, node, arc), self.room(tree, node, arc));
            if down <= 0 && up <= 0 {
                continue;
            }
            let head = self.head(node, arc);
            if self.tree[head] != tree {
                continue;
            }
            if down > 0 {
                self.activate(head);
            }
            if usize::from(self.parent[head]) == back {
                self.orphans.push_back(head as u32);
                self.parent[head] = ORPHAN;
            }
        }
        self.tree[node] = Tree::None;
        self.parent[node] = NOTHING;
    }
}
