package downstream.eval.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.torch.TorchScript;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;

/**
 * Float32 arrays of the same shapes on several devices, moved from one to another as one array: the
 * gradients of the replicas to the first one, its weights back. Works without gradients.
 */
public final class ArrayLists {
  private final NDManager owner;
  private final TorchScript pack;
  private final TorchScript packAndClear;
  private final TorchScript copy;
  private final TorchScript add;

  /**
   * Compiles what moves arrays from and to one device.
   *
   * @param owner on the device
   * @param shapes of the arrays
   */
  public ArrayLists(NDManager owner, List<Shape> shapes) {
    this.owner = owner;
    String flat = "r = torch.cat([torch.reshape(x, [-1]) for x in arrays])";
    pack = TorchScript.of(owner, List.of("arrays"), List.of(flat), List.of("r"));
    packAndClear =
        TorchScript.of(
            owner,
            List.of("arrays"),
            List.of(flat, "ops.aten._foreach_zero_(arrays)"),
            List.of("r"));
    copy = unpack(owner, shapes, "ops.aten._foreach_copy_(arrays, [%s])");
    add = unpack(owner, shapes, "ops.aten._foreach_add_(arrays, [%s])");
  }

  private static TorchScript unpack(NDManager owner, List<Shape> shapes, String statement) {
    StringJoiner sizes = new StringJoiner(", ");
    StringJoiner parts = new StringJoiner(", ");
    for (int i = 0; i < shapes.size(); i++) {
      sizes.add(Long.toString(shapes.get(i).size()));
      String shape = Arrays.toString(shapes.get(i).getShape());
      parts.add("torch.reshape(parts[%d], %s)".formatted(i, shape));
    }
    return TorchScript.of(
        owner,
        List.of("flat", "arrays"),
        List.of(
            "parts = torch.split_with_sizes(flat[0], [%s])".formatted(sizes),
            statement.formatted(parts)),
        List.of("flat[0]"));
  }

  /** Adds arrays of another device to some on this one, and sets them to 0. */
  public void take(ArrayLists from, List<NDArray> arrays, List<NDArray> sums) {
    move(from, from.packAndClear, arrays, add, sums);
  }

  /** Copies arrays of another device over some on this one. */
  public void copy(ArrayLists from, List<NDArray> arrays, List<NDArray> copies) {
    move(from, from.pack, arrays, copy, copies);
  }

  private void move(
      ArrayLists there,
      TorchScript packing,
      List<NDArray> from,
      TorchScript unpacking,
      List<NDArray> to) {
    try (NDArray packed = packing.call(there.owner, from).get(0);
        NDArray here = packed.toDevice(owner.getDevice(), true)) {
      here.attach(owner);
      unpacking.call(owner, List.of(here), to).forEach(NDArray::close);
    }
  }
}
