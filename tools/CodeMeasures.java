import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Prints size and structure of the Java code of a Maven project as Markdown tables.
 *
 * <p>Run with {@code java tools/CodeMeasures.java [ROOT]} (JDK 17 or later, nothing else). It
 * parses every file under {@code MODULE/src/main/java} and {@code MODULE/src/test/java}; nothing is
 * compiled or resolved against libraries.
 */
final class CodeMeasures {
  private static final int LARGE_PACKAGE = 25;
  private static final int LONG_METHOD = 40;
  private static final int MANY_PARAMETERS = 6;
  private static final int LISTED = 10;

  /** One parsed file. Lines count every line, comments and blank ones too. */
  private record Source(
      Path path,
      String packageName,
      int lines,
      List<ClassTree> types,
      Imports imports,
      Set<String> names) {
    String qualified(ClassTree type) {
      return packageName + "." + type.getSimpleName();
    }

    boolean documentsPackage() {
      return path.endsWith("package-info.java");
    }
  }

  /** Imported types by simple name, packages imported with a star, and types of static imports. */
  private record Imports(Map<String, String> types, Set<String> packages, Set<String> owners) {}

  private record Method(String name, int lines, int parameters) {}

  private final List<Source> main = new ArrayList<>();
  private final List<Source> test = new ArrayList<>();
  private final List<Method> methods = new ArrayList<>();
  private final List<Method> recordHeaders = new ArrayList<>();
  private final List<String> nestedConditionals = new ArrayList<>();
  private final Set<String> rulePatterns = new TreeSet<>();

  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments.length > 0 ? arguments[0] : ".");
    CodeMeasures measures = new CodeMeasures();
    measures.read(root, "src/main/java", measures.main);
    measures.read(root, "src/test/java", measures.test);
    if (measures.main.isEmpty()) {
      System.err.println("no file under " + root.toAbsolutePath().normalize() + "/*/src/main/java");
      System.exit(2);
    }
    measures.print();
  }

  private void read(Path root, String folder, List<Source> into) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files =
          all.filter(
                  f ->
                      f.toString().endsWith(".java")
                          && root.relativize(f)
                              .toString()
                              .replace('\\', '/')
                              .contains(folder + "/"))
              .sorted()
              .toList();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        into.add(source(unit));
        if (into == main) {
          unit.accept(new Members(unit, positions), null);
        } else if (unit.getImports().stream()
            .anyMatch(
                i -> i.getQualifiedIdentifier().toString().startsWith("com.tngtech.archunit"))) {
          unit.accept(new PackagePatterns(), null);
        }
      }
    }
  }

  private static Source source(CompilationUnitTree unit) {
    Path path = Path.of(unit.getSourceFile().toUri());
    Imports imports = new Imports(new HashMap<>(), new HashSet<>(), new HashSet<>());
    for (ImportTree line : unit.getImports()) {
      MemberSelectTree imported = (MemberSelectTree) line.getQualifiedIdentifier();
      String owner = imported.getExpression().toString();
      if (line.isStatic()) {
        imports.owners.add(owner);
      } else if (imported.getIdentifier().contentEquals("*")) {
        imports.packages.add(owner);
      } else {
        imports.types.put(imported.getIdentifier().toString(), imported.toString());
      }
    }
    Set<String> names = new HashSet<>();
    unit.accept(new Names(), names);
    List<ClassTree> types =
        unit.getTypeDecls().stream()
            .filter(ClassTree.class::isInstance)
            .map(ClassTree.class::cast)
            .toList();
    PackageTree in = unit.getPackage();
    return new Source(
        path, in == null ? "" : in.getPackageName().toString(), lines(path), types, imports, names);
  }

  private static int lines(Path path) {
    try (Stream<String> lines = Files.lines(path)) {
      return (int) lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Simple and qualified names that a file uses outside its imports and comments. */
  private static final class Names extends TreeScanner<Void, Set<String>> {
    @Override
    public Void visitImport(ImportTree line, Set<String> names) {
      return null;
    }

    @Override
    public Void visitIdentifier(IdentifierTree name, Set<String> names) {
      names.add(name.getName().toString());
      return null;
    }

    @Override
    public Void visitMemberSelect(MemberSelectTree select, Set<String> names) {
      names.add(select.toString());
      return super.visitMemberSelect(select, names);
    }
  }

  /** Collects methods, constructors and record headers of one file. */
  private final class Members extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final Deque<String> types = new ArrayDeque<>();

    Members(CompilationUnitTree unit, SourcePositions positions) {
      this.unit = unit;
      this.positions = positions;
    }

    @Override
    public Void visitClass(ClassTree type, Void nothing) {
      types.push(type.getSimpleName().toString());
      if (type.getKind() == Tree.Kind.RECORD) {
        long components =
            type.getMembers().stream()
                .filter(
                    m ->
                        m instanceof VariableTree v
                            && !v.getModifiers().getFlags().contains(Modifier.STATIC))
                .count();
        recordHeaders.add(new Method(types.peek(), 0, (int) components));
      }
      super.visitClass(type, nothing);
      types.pop();
      return null;
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      long start = positions.getStartPosition(unit, method);
      BlockTree body = method.getBody();
      if (start >= 0) {
        long end = positions.getEndPosition(unit, body == null ? method : body);
        int lines =
            (int)
                (unit.getLineMap().getLineNumber(end) - unit.getLineMap().getLineNumber(start) + 1);
        methods.add(
            new Method(
                types.peek() + "." + method.getName().toString().replace("<init>", "constructor"),
                lines,
                isCompactConstructor(method, start) ? 0 : method.getParameters().size()));
      }
      return super.visitMethod(method, nothing);
    }

    /** Finds {@code a ? b : c ? d : e}: one conditional expression that is a part of another. */
    @Override
    public Void visitConditionalExpression(ConditionalExpressionTree conditional, Void nothing) {
      boolean nested =
          Stream.of(
                  conditional.getCondition(),
                  conditional.getTrueExpression(),
                  conditional.getFalseExpression())
              .anyMatch(part -> withoutParentheses(part) instanceof ConditionalExpressionTree);
      if (nested) {
        long start = positions.getStartPosition(unit, conditional);
        nestedConditionals.add(types.peek() + ":" + unit.getLineMap().getLineNumber(start));
      }
      return super.visitConditionalExpression(conditional, nothing);
    }

    private static ExpressionTree withoutParentheses(ExpressionTree expression) {
      ExpressionTree inner = expression;
      while (inner instanceof ParenthesizedTree parentheses) {
        inner = parentheses.getExpression();
      }
      return inner;
    }

    /** Parameters of a compact constructor are the components, which stand before it. */
    private boolean isCompactConstructor(MethodTree method, long start) {
      return !method.getParameters().isEmpty()
          && positions.getStartPosition(unit, method.getParameters().get(0)) < start;
    }
  }

  /** Collects strings of ArchUnit tests that can be package patterns. */
  private final class PackagePatterns extends TreeScanner<Void, Void> {
    @Override
    public Void visitLiteral(LiteralTree literal, Void nothing) {
      if (literal.getValue() instanceof String text
          && text.matches("[a-z0-9_.()*|\\[\\]]+")
          && text.contains(".")) {
        rulePatterns.add(text);
      }
      return null;
    }
  }

  /** Whether an ArchUnit rule names a package, other than by naming its whole module. */
  private boolean hasRule(String packageName) {
    return rulePatterns.stream()
        .filter(p -> p.replaceAll("\\.\\.$", "").split("\\.+").length > 2 || p.startsWith(".."))
        .anyMatch(p -> asRegex(p).matcher(packageName).matches());
  }

  /** ArchUnit's package syntax: {@code ..} any packages, {@code *} one, groups and alternatives. */
  private static Pattern asRegex(String pattern) {
    String regex =
        pattern
            .replace("[", "(")
            .replace("]", ")")
            .replace("(**)", "\u0001")
            .replace("..", "\u0002")
            .replace(".", "\\.")
            .replace("*", "[^.]+");
    return Pattern.compile(
        regex
            .replace("\u0001", ".+")
            .replaceAll("\u0002$", "(\\\\..*)?")
            .replaceAll("^\u0002", "(.*\\\\.)?")
            .replace("\u0002", "\\.(.*\\.)?"));
  }

  /** Which files each file of the main code uses, by path. */
  private Map<Source, Set<Source>> dependencies() {
    Map<String, Source> declared = new HashMap<>();
    main.forEach(s -> s.types.forEach(t -> declared.put(s.qualified(t), s)));
    Map<Source, Set<Source>> uses = new HashMap<>();
    for (Source file : main) {
      Set<Source> used = new HashSet<>();
      file.imports.owners.forEach(owner -> find(owner, declared).ifPresent(used::add));
      for (String name : file.names) {
        List<String> candidates = new ArrayList<>();
        String imported = file.imports.types.get(name);
        if (imported != null) {
          candidates.add(imported);
        } else if (name.contains(".")) {
          candidates.add(name);
        } else {
          candidates.add(file.packageName + "." + name);
          file.imports.packages.forEach(p -> candidates.add(p + "." + name));
        }
        candidates.forEach(c -> find(c, declared).ifPresent(used::add));
      }
      used.remove(file);
      uses.put(file, used);
    }
    return uses;
  }

  /** The file of a type, or of the type that encloses it. */
  private static Optional<Source> find(String qualified, Map<String, Source> declared) {
    for (String name = qualified;
        name.contains(".");
        name = name.substring(0, name.lastIndexOf('.'))) {
      if (declared.containsKey(name)) {
        return Optional.of(declared.get(name));
      }
    }
    return Optional.empty();
  }

  /** Strongly connected components of more than one node, largest first (Tarjan 1972). */
  private static <T> List<Set<T>> cycles(Map<T, Set<T>> graph) {
    return new Tarjan<>(graph).components();
  }

  private static final class Tarjan<T> {
    private final Map<T, Set<T>> graph;
    private final Map<T, Integer> index = new HashMap<>();
    private final Map<T, Integer> low = new HashMap<>();
    private final Deque<T> stack = new ArrayDeque<>();
    private final Set<T> onStack = new HashSet<>();
    private final List<Set<T>> found = new ArrayList<>();

    Tarjan(Map<T, Set<T>> graph) {
      this.graph = graph;
    }

    List<Set<T>> components() {
      graph
          .keySet()
          .forEach(
              node -> {
                if (!index.containsKey(node)) {
                  visit(node);
                }
              });
      found.sort(Comparator.comparingInt((Set<T> c) -> c.size()).reversed());
      return found;
    }

    private void visit(T node) {
      index.put(node, index.size());
      low.put(node, index.get(node));
      stack.push(node);
      onStack.add(node);
      for (T next : graph.getOrDefault(node, Set.of())) {
        if (!index.containsKey(next)) {
          visit(next);
          low.merge(node, low.get(next), Math::min);
        } else if (onStack.contains(next)) {
          low.merge(node, index.get(next), Math::min);
        }
      }
      if (low.get(node).equals(index.get(node))) {
        Set<T> component = new HashSet<>();
        T member;
        do {
          member = stack.pop();
          onStack.remove(member);
          component.add(member);
        } while (!member.equals(node));
        if (component.size() > 1) {
          found.add(component);
        }
      }
    }
  }

  private void print() {
    System.out.println("| measure | value |\n|---|---|");
    printSizes();
    printCycles();
    printMethods();
    printPackages();
  }

  private void printSizes() {
    int mainLines = lines(main);
    int testLines = lines(test);
    Source largest = main.stream().max(Comparator.comparingInt(Source::lines)).orElseThrow();
    row("files, main / test", countFiles(main) + " / " + countFiles(test));
    row("lines, main / test", mainLines + " / " + testLines);
    row("test lines for each main line", String.format("%.2f", (double) testLines / mainLines));
    row("largest file", largest.path.getFileName() + ", " + largest.lines + " lines");
    row(
        "public top-level types, of all",
        publicTypes(main) + " of " + main.stream().mapToInt(s -> s.types.size()).sum());
    Map<String, List<Source>> packages = packages();
    row("packages", packages.size());
    row(
        "packages of more than " + LARGE_PACKAGE + " files",
        sizes(packages.values().stream().map(List::size).filter(n -> n > LARGE_PACKAGE).toList()));
    row(
        "packages that an ArchUnit rule names",
        packages.keySet().stream().filter(this::hasRule).count());
  }

  private void printCycles() {
    Map<Source, Set<Source>> uses = dependencies();
    List<Set<Source>> cycles = cycles(uses);
    row("cycles of packages", sizes(cycles(packageGraph(uses)).stream().map(Set::size).toList()));
    row("cycles of files", sizes(cycles.stream().map(Set::size).toList()));
    row("largest cycle of files", cycles.isEmpty() ? "none" : names(cycles.get(0)));
  }

  private void printMethods() {
    row(
        "methods of more than " + LONG_METHOD + " lines",
        above(methods, Method::lines, LONG_METHOD));
    row(
        "methods and constructors of more than " + MANY_PARAMETERS + " parameters",
        above(methods, Method::parameters, MANY_PARAMETERS));
    row(
        "records of more than " + MANY_PARAMETERS + " components",
        above(recordHeaders, Method::parameters, MANY_PARAMETERS));
    row(
        "conditional expressions inside another",
        nestedConditionals.size()
            + (nestedConditionals.isEmpty() ? "" : ": ")
            + String.join(
                ", ", nestedConditionals.subList(0, Math.min(LISTED, nestedConditionals.size()))));
  }

  private void printPackages() {
    System.out.println(
        "\n| package | files | lines | public types | ArchUnit rule |\n|---|---:|---:|---:|---|");
    packages()
        .forEach(
            (name, files) -> {
              String size =
                  files.size() > LARGE_PACKAGE ? "**" + files.size() + "**" : "" + files.size();
              String rule = hasRule(name) ? "yes" : "";
              System.out.printf(
                  "| `%s` | %s | %d | %d | %s |%n",
                  name, size, lines(files), publicTypes(files), rule);
            });
  }

  private Map<String, List<Source>> packages() {
    return main.stream()
        .filter(s -> !s.documentsPackage())
        .collect(groupingBy(Source::packageName, TreeMap::new, toList()));
  }

  private static Map<String, Set<String>> packageGraph(Map<Source, Set<Source>> uses) {
    Map<String, Set<String>> graph = new HashMap<>();
    uses.forEach(
        (file, used) ->
            used.stream()
                .map(Source::packageName)
                .filter(p -> !p.equals(file.packageName))
                .forEach(
                    p -> graph.computeIfAbsent(file.packageName, n -> new HashSet<>()).add(p)));
    return graph;
  }

  private static void row(String measure, Object value) {
    System.out.println("| " + measure + " | " + value + " |");
  }

  private static int lines(Collection<Source> files) {
    return files.stream().mapToInt(Source::lines).sum();
  }

  private static String sizes(List<Integer> sizes) {
    if (sizes.isEmpty()) {
      return "0";
    }
    return sizes.size()
        + ", of "
        + String.join(
            ", ",
            sizes.stream()
                .sorted(Comparator.reverseOrder())
                .limit(10)
                .map(String::valueOf)
                .toList())
        + (sizes.size() > 10 ? ", …" : "")
        + " files";
  }

  private static String names(Set<Source> files) {
    return files.size()
        + ": "
        + String.join(
            ", ",
            files.stream()
                .map(s -> s.path.getFileName().toString().replace(".java", ""))
                .sorted()
                .toList());
  }

  /** How many methods exceed a limit, and the first of them, largest first. */
  private static String above(List<Method> all, ToIntFunction<Method> measure, int limit) {
    List<Method> found =
        all.stream()
            .filter(m -> measure.applyAsInt(m) > limit)
            .sorted(Comparator.comparingInt(measure).reversed())
            .toList();
    String text = found.size() + " of " + all.size();
    if (found.isEmpty()) {
      return text;
    }
    String names =
        String.join(
            ", ",
            found.stream().limit(LISTED).map(m -> m.name + " " + measure.applyAsInt(m)).toList());
    return text + ": " + names + (found.size() > LISTED ? ", …" : "");
  }

  private static long countFiles(List<Source> files) {
    return files.stream().filter(s -> !s.documentsPackage()).count();
  }

  private static long publicTypes(Collection<Source> files) {
    return files.stream()
        .flatMap(s -> s.types.stream())
        .filter(t -> t.getModifiers().getFlags().contains(Modifier.PUBLIC))
        .count();
  }
}
