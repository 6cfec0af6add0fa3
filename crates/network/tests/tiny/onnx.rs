//! ONNX files, written field by field: as many fields as the tests need.

/// A message of protocol buffers.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut value: u64) {
        while value > 0x7f {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn number(mut self, field: u64, value: usize) -> Self {
        self.varint(field << 3);
        self.varint(value as u64);
        self
    }

    fn bytes(mut self, field: u64, bytes: &[u8]) -> Self {
        self.varint(field << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend(bytes);
        self
    }

    fn text(self, field: u64, text: &str) -> Self {
        self.bytes(field, text.as_bytes())
    }

    fn message(self, field: u64, inner: &Self) -> Self {
        self.bytes(field, &inner.0)
    }
}

/// What a node is told beside its inputs.
pub(crate) enum Attribute<'a> {
    Whole(usize),
    Wholes(&'a [usize]),
    Text(&'a str),
}

/// A graph that grows node by node from the input `x`.
pub(crate) struct Graph(Message);

/// `TensorProto.DataType.FLOAT`.
const FLOAT: usize = 1;

impl Graph {
    /// A graph whose input has these sizes as far as they are fixed.
    pub(crate) fn new(sizes: &[Option<usize>]) -> Self {
        Self::named("x", FLOAT, sizes)
    }

    /// A graph whose input has another name and kind.
    pub(crate) fn named(name: &str, kind: usize, sizes: &[Option<usize>]) -> Self {
        Self(Message::default().text(2, "tiny")).input(name, kind, sizes)
    }

    /// One more input, of a kind numbered as in `TensorProto.DataType`.
    pub(crate) fn input(self, name: &str, kind: usize, sizes: &[Option<usize>]) -> Self {
        let shape = sizes.iter().fold(Message::default(), |shape, size| {
            let dimension = Message::default();
            shape.message(1, &size.map_or(Message::default(), |size| dimension.number(1, size)))
        });
        let tensor = Message::default().number(1, kind).message(2, &shape);
        let input =
            Message::default().text(1, name).message(2, &Message::default().message(1, &tensor));
        Self(self.0.message(11, &input))
    }

    /// Numbers that are part of the file.
    pub(crate) fn weights(self, name: &str, shape: &[usize], values: &[f32]) -> Self {
        let tensor = shape.iter().fold(Message::default(), |tensor, size| tensor.number(1, *size));
        let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        Self(self.0.message(5, &tensor.number(2, FLOAT).text(8, name).bytes(9, &raw)))
    }

    /// Numbers that should lie in a file beside.
    pub(crate) fn weights_elsewhere(self, name: &str, shape: &[usize], file: &str) -> Self {
        let tensor = shape.iter().fold(Message::default(), |tensor, size| tensor.number(1, *size));
        let place = Message::default().text(1, "location").text(2, file);
        let tensor = tensor.number(2, FLOAT).text(8, name).message(13, &place).number(14, 1);
        Self(self.0.message(5, &tensor))
    }

    /// A node with one output.
    pub(crate) fn node(
        self,
        operator: &str,
        inputs: &[&str],
        output: &str,
        attributes: &[(&str, Attribute)],
    ) -> Self {
        let node = inputs.iter().fold(Message::default(), |node, input| node.text(1, input));
        let node = node.text(2, output).text(3, output).text(4, operator);
        let node = attributes.iter().fold(node, |node, (name, value)| {
            let attribute = Message::default().text(1, name);
            node.message(
                5,
                &match value {
                    Attribute::Whole(value) => attribute.number(3, *value).number(20, 2),
                    Attribute::Text(text) => attribute.text(4, text).number(20, 3),
                    Attribute::Wholes(values) => values
                        .iter()
                        .fold(attribute, |attribute, value| attribute.number(8, *value))
                        .number(20, 7),
                },
            )
        });
        Self(self.0.message(1, &node))
    }

    /// The file, with this output.
    pub(crate) fn file(self, output: &str) -> Vec<u8> {
        let graph = self.0.message(12, &Message::default().text(1, output));
        let operators = Message::default().text(1, "").number(2, 13);
        Message::default().number(1, 8).message(8, &operators).message(7, &graph).0
    }
}

/// Gives each voxel the channel of the nearest of some levels: `2 m x - m²` is highest for the `m`
/// with the least `(x - m)²`. A convolution of kernel size 1.
pub(crate) fn nearest_level(dimensions: usize, levels: &[f32]) -> Vec<u8> {
    classify(Graph::new(&free(dimensions)), "x", dimensions, levels).file("y")
}

/// The end of a network, as above: `y`, out of the values `from`.
pub(crate) fn classify(graph: Graph, from: &str, dimensions: usize, levels: &[f32]) -> Graph {
    let weights: Vec<f32> = levels.iter().map(|level| 2.0 * level).collect();
    let biases: Vec<f32> = levels.iter().map(|level| -level * level).collect();
    let mut shape = vec![levels.len(), 1];
    shape.extend(std::iter::repeat_n(1, dimensions));
    graph.weights("w", &shape, &weights).weights("b", &[levels.len()], &biases).node(
        "Conv",
        &[from, "w", "b"],
        "y",
        &[],
    )
}

/// Sizes of an input of one channel, whatever its extent.
pub(crate) fn free(dimensions: usize) -> Vec<Option<usize>> {
    let mut sizes = vec![Some(1), Some(1)];
    sizes.extend(std::iter::repeat_n(None, dimensions));
    sizes
}
