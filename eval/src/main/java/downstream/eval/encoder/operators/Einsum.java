package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import downstream.eval.BadInput;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Einsum: operands are contracted from left to right, each pair as one batched matrix product. An
 * operand's axes are named by letters; the axes of an ellipsis by capital ones from the end.
 */
final class Einsum {
  private final List<Term> terms = new ArrayList<>();
  private final String output;

  private record Term(NDArray array, String letters) {
    long length(char letter) {
      return array.getShape().get(letters.indexOf(letter));
    }

    boolean has(int letter) {
      return letters.indexOf(letter) >= 0;
    }
  }

  private Einsum(Operands in) {
    String equation = in.node().text("equation", "").replace(" ", "");
    int arrow = equation.indexOf("->");
    String[] sides = (arrow < 0 ? equation : equation.substring(0, arrow)).split(",", -1);
    if (sides.length != in.count()) {
      throw new BadInput(
          in.node().toString(),
          "has " + in.count() + " inputs for '" + equation + "'",
          "Export the encoder again, with one input for each term");
    }
    String ellipsis = "";
    for (int i = 0; i < sides.length; i++) {
      int rank = in.array(i).getShape().dimension();
      String hidden = hidden(sides[i], rank);
      ellipsis = hidden.length() > ellipsis.length() ? hidden : ellipsis;
      terms.add(diagonal(new Term(in.array(i), sides[i].replace("...", hidden))));
    }
    output =
        arrow < 0
            ? ellipsis + implicit(String.join("", sides))
            : equation.substring(arrow + 2).replace("...", ellipsis);
  }

  static NDArray apply(Operands in) {
    return new Einsum(in).contract();
  }

  /** Names for the axes of an ellipsis, the last one always "Z". */
  private static String hidden(String letters, int rank) {
    int count = letters.contains("...") ? rank - (letters.length() - 3) : 0;
    return IntStream.range(0, count)
        .mapToObj(i -> String.valueOf((char) ('Z' - count + 1 + i)))
        .collect(Collectors.joining());
  }

  /**
   * Output letters of an equation without an arrow: those that occur once, in alphabetical order.
   */
  private static String implicit(String letters) {
    String plain = letters.replace(".", "");
    return plain
        .chars()
        .filter(letter -> plain.indexOf(letter) == plain.lastIndexOf(letter))
        .sorted()
        .mapToObj(letter -> String.valueOf((char) letter))
        .collect(Collectors.joining());
  }

  /** A letter that occurs twice in one operand stands for the diagonal. */
  private static Term diagonal(Term term) {
    for (int i = 0; i < term.letters.length(); i++) {
      int twin = term.letters.indexOf(term.letters.charAt(i), i + 1);
      if (twin >= 0) {
        NDArray diagonal = Torch.diagonal(term.array, i, twin);
        String others =
            new StringBuilder(term.letters).deleteCharAt(twin).deleteCharAt(i).toString();
        return diagonal(new Term(diagonal, others + term.letters.charAt(i)));
      }
    }
    return term;
  }

  private NDArray contract() {
    Term result = terms.get(0);
    for (int i = 1; i < terms.size(); i++) {
      String later =
          output
              + terms.subList(i + 1, terms.size()).stream()
                  .map(Term::letters)
                  .collect(Collectors.joining());
      result = product(result, terms.get(i), later);
    }
    result = sumOut(result, output);
    return permute(result, output);
  }

  /** Sums over the letters that nobody needs any more. */
  private static Term sumOut(Term term, String needed) {
    int[] axes =
        IntStream.range(0, term.letters.length())
            .filter(i -> needed.indexOf(term.letters.charAt(i)) < 0)
            .toArray();
    return axes.length == 0
        ? term
        : new Term(term.array.sum(axes), only(term.letters, needed, true));
  }

  private static NDArray permute(Term term, String order) {
    int[] axes = order.chars().map(term.letters::indexOf).toArray();
    return axes.length < 2 ? Torch.alias(term.array) : term.array.transpose(axes);
  }

  /** [batch, left, inner] · [batch, inner, right]. */
  private static Term product(Term first, Term second, String later) {
    Term a = sumOut(first, later + second.letters);
    Term b = sumOut(second, later + first.letters);
    String shared = only(a.letters, b.letters, true);
    String batch = only(shared, later, true);
    String inner = only(shared, later, false);
    String left = only(a.letters, b.letters, false);
    String right = only(b.letters, a.letters, false);
    NDArray rows = expanded(a, b, batch + left + inner).reshape(sizes(a, b, batch, left, inner));
    NDArray columns =
        expanded(b, a, batch + inner + right).reshape(sizes(a, b, batch, inner, right));
    String letters = batch + left + right;
    return new Term(rows.matMul(columns).reshape(shape(a, b, letters)), letters);
  }

  /** Axes of a term in the given order; an axis of length 1 is stretched to the other operand's. */
  private static NDArray expanded(Term term, Term other, String order) {
    return JniUtils.broadcast(Torch.of(permute(term, order)), shape(term, other, order));
  }

  private static Shape shape(Term a, Term b, String letters) {
    return new Shape(letters.chars().mapToLong(letter -> length(a, b, (char) letter)).toArray());
  }

  private static Shape sizes(Term a, Term b, String batch, String second, String third) {
    return new Shape(
        shape(a, b, batch).size(), shape(a, b, second).size(), shape(a, b, third).size());
  }

  private static long length(Term a, Term b, char letter) {
    return Math.max(a.has(letter) ? a.length(letter) : 1, b.has(letter) ? b.length(letter) : 1);
  }

  private static String only(String letters, String others, boolean contained) {
    return letters
        .chars()
        .filter(letter -> others.indexOf(letter) >= 0 == contained)
        .mapToObj(letter -> String.valueOf((char) letter))
        .collect(Collectors.joining());
  }
}
