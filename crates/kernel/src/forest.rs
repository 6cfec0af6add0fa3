//! Disjoint sets whose name is their least member.

/// Parent of each member; a root is its own parent, and no parent is greater than its child.
#[derive(Debug, Default)]
pub(crate) struct Forest {
    parents: Vec<u32>,
}

impl Forest {
    /// `count` sets of one member each.
    pub(crate) fn new(count: usize) -> Self {
        let count = u32::try_from(count).expect("fewer than 2³² runs fit into memory");
        Self { parents: (0..count).collect() }
    }

    /// Joins the sets of two members.
    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b) as usize] = a.min(b);
    }

    /// Least member of the set, with the path to it halved on the way.
    fn root(&mut self, mut member: u32) -> u32 {
        loop {
            let parent = self.parents[member as usize];
            if parent == member {
                return member;
            }
            let grandparent = self.parents[parent as usize];
            self.parents[member as usize] = grandparent;
            member = grandparent;
        }
    }

    /// Adds the sets of another forest, whose members are counted on after those here.
    pub(crate) fn append(&mut self, other: &Self) {
        let offset = self.parents.len() as u32;
        self.parents.extend(other.parents.iter().map(|parent| parent + offset));
    }

    /// For each member the number of its set, counted from 1 in the order of least members;
    /// and the number of sets.
    pub(crate) fn into_numbers(self) -> (Vec<u32>, u32) {
        let mut numbers = self.parents;
        let mut count = 0;
        for member in 0..numbers.len() {
            let parent = numbers[member] as usize;
            numbers[member] = if parent == member {
                count += 1;
                count
            } else {
                numbers[parent]
            };
        }
        (numbers, count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_numbered_by_their_least_member() {
        let mut forest = Forest::new(6);
        forest.join(5, 3);
        forest.join(4, 1);
        forest.join(3, 4);
        assert_eq!(forest.into_numbers(), (vec![1, 2, 3, 2, 2, 2], 3));
    }
}
