package downstream.eval;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Reads the sources of all modules and judges their texts: help, errors and Javadoc. */
class UserTextTest {
  /** First words that say neither what an option is nor what it does. */
  private static final String NO_NOUN_OR_VERB =
      "(A|An|The|Of|On|In|At|By|For|From|With|Without|To|As|If|Over|Under|Besides|Instead"
          + "|When|Where|Whether|Who|Whose|What|Which|Why|How|Only|Also|Else|See|And|Or|But"
          + "|It|Its|They|Their|This|That|These|Those|May|Must|Default|Another)";

  /** First words of a Javadoc that say neither what a thing is nor what it does. */
  private static final Pattern VAGUE_JAVADOC =
      Pattern.compile(
          "(What|How|Where|Whether|Which|Who|Whom|Whose|When|Why|While|Whatever|However|Those|These"
              + "|This|That|It|Its|They|Their|There|Then|Here|Of|On|In|At|By|For|From|With|Without|To"
              + "|As|If|Over|Under|Up|Out|Off|Into|Near|Like|Since|Until|After|Before|Between|Among"
              + "|Through|Per|Against|Behind|Inside|Within|Above|Below|Besides?|Instead|Because|Only"
              + "|Also|Else|See|And|Or|But|So|Such|Same|Once|Twice|Just|Still|Given|May|Must|Can|Is"
              + "|Are|Has|Does|Not|None|Nothing|Something|Everything|Anything)\\b");

  private static final Pattern JAVADOC = Pattern.compile("(?s)/\\*\\*[\\s*]*(.*?)\\s*\\*/");

  /** Methods of other files that are given a fix, and at which position. */
  private static final Map<String, Integer> OTHER_FILES =
      Map.of("defect", 2, "bad", 1, "badFile", 1);

  private static final List<Described> OPTIONS = new ArrayList<>();
  private static final List<Described> COMMANDS = new ArrayList<>();
  private static final List<Described> FIXES = new ArrayList<>();

  /** A text for users and where it is; {@code hasDefault} of options. */
  private record Described(String where, String text, boolean hasDefault) {}

  @BeforeAll
  static void read() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<Path> sources = sources();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources));
      for (CompilationUnitTree unit : task.parse()) {
        new Reader(unit).scan(unit, null);
      }
    }
  }

  private static List<Path> sources() {
    Path root = Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolveSibling("");
    try (Stream<Path> modules = Files.list(root)) {
      return modules
          .map(module -> module.resolve("src/main/java"))
          .filter(Files::isDirectory)
          .flatMap(UserTextTest::javaFiles)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void options_are_described_by_a_noun_or_a_verb() {
    assertThat(OPTIONS).hasSizeGreaterThan(110);
    assertThat(OPTIONS)
        .filteredOn(
            option ->
                !option.text().matches("(?s)[A-Z].*\\.")
                    || option.text().matches("(?s)" + NO_NOUN_OR_VERB + "\\b.*"))
        .isEmpty();
  }

  @Test
  void options_with_a_default_tell_it() {
    assertThat(OPTIONS).filteredOn(Described::hasDefault).hasSizeGreaterThan(50);
    assertThat(OPTIONS)
        .filteredOn(option -> option.hasDefault() && !option.text().contains("default"))
        .isEmpty();
  }

  @Test
  void commands_are_described_by_what_they_do() {
    assertThat(COMMANDS).hasSizeGreaterThan(20);
    assertThat(COMMANDS)
        .filteredOn(command -> !command.text().matches("(?s)[A-Z][a-z-]+s\\b.*\\."))
        .isEmpty();
  }

  @Test
  void errors_tell_what_to_do_in_more_than_two_words() {
    assertThat(FIXES).hasSizeGreaterThan(280);
    assertThat(FIXES).filteredOn(fix -> fix.text().strip().split("\\s+").length < 3).isEmpty();
  }

  @Test
  void javadocs_begin_with_a_noun_or_a_verb() throws IOException {
    int read = 0;
    List<String> vague = new ArrayList<>();
    for (Path source : sources()) {
      Matcher javadoc = JAVADOC.matcher(Files.readString(source));
      while (javadoc.find()) {
        read++;
        if (VAGUE_JAVADOC.matcher(javadoc.group(1)).lookingAt()) {
          vague.add(source.getFileName() + ": " + javadoc.group(1));
        }
      }
    }
    assertThat(read).as("Javadocs looked at").isGreaterThan(2500);
    assertThat(vague).isEmpty();
  }

  /** Collects the texts of one source file. */
  private static final class Reader extends TreeScanner<Void, Void> {
    private final String file;
    private final Map<String, ExpressionTree> values = new HashMap<>();

    /** Methods that are given a fix, and at which position. */
    private final Map<String, Integer> positions = new HashMap<>();

    private final Set<String> parameters = new HashSet<>();

    Reader(CompilationUnitTree unit) {
      this.file = String.valueOf(Path.of(unit.getSourceFile().getName()).getFileName());
      new TreeScanner<Void, Void>() {
        @Override
        public Void visitVariable(VariableTree variable, Void unused) {
          if (variable.getInitializer() != null) {
            values.put(variable.getName().toString(), variable.getInitializer());
          }
          return super.visitVariable(variable, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
          for (VariableTree parameter : method.getParameters()) {
            if (parameter.getName().toString().matches("fix|advice")) {
              int position = method.getParameters().indexOf(parameter);
              positions.put(method.getName().toString(), position);
              parameters.add(parameter.getName().toString());
            }
          }
          return super.visitMethod(method, null);
        }
      }.scan(unit, null);
    }

    @Override
    public Void visitVariable(VariableTree variable, Void unused) {
      for (AnnotationTree annotation : variable.getModifiers().getAnnotations()) {
        String type = annotation.getAnnotationType().toString();
        if (type.equals("Option") || type.equals("Parameters")) {
          boolean given = attribute(annotation, "defaultValue").isPresent();
          boolean hasDefault = given || hasDefault(annotation, variable);
          OPTIONS.add(
              new Described(file + " " + variable.getName(), description(annotation), hasDefault));
        }
      }
      return super.visitVariable(variable, null);
    }

    private static boolean hasDefault(AnnotationTree annotation, VariableTree variable) {
      String type = variable.getType().toString();
      if (type.equals("boolean") || attribute(annotation, "required").isPresent()) {
        return false;
      }
      Tree initial = variable.getInitializer();
      return initial == null
          ? type.matches("int|long|double")
          : !initial.toString().matches("new ArrayList<>\\(\\)|List.of\\(\\)|Optional.empty\\(\\)");
    }

    @Override
    public Void visitAnnotation(AnnotationTree annotation, Void unused) {
      if (annotation.getAnnotationType().toString().equals("Command")) {
        COMMANDS.add(new Described(file, description(annotation), false));
      }
      return super.visitAnnotation(annotation, null);
    }

    private String description(AnnotationTree annotation) {
      return attribute(annotation, "description").map(this::text).orElse("");
    }

    private static Optional<ExpressionTree> attribute(AnnotationTree annotation, String name) {
      return annotation.getArguments().stream()
          .map(AssignmentTree.class::cast)
          .filter(assignment -> assignment.getVariable().toString().equals(name))
          .map(AssignmentTree::getExpression)
          .findFirst();
    }

    @Override
    public Void visitNewClass(NewClassTree created, Void unused) {
      if (created.getIdentifier().toString().equals("BadInput")) {
        addFix(created.getArguments(), 2);
      }
      return super.visitNewClass(created, null);
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void unused) {
      String name = call.getMethodSelect().toString();
      String simple = name.substring(name.lastIndexOf('.') + 1);
      int other = OTHER_FILES.getOrDefault(simple, Integer.MAX_VALUE);
      int position = positions.getOrDefault(name, other);
      if (position < call.getArguments().size()) {
        addFix(call.getArguments(), position);
      }
      return super.visitMethodInvocation(call, null);
    }

    private void addFix(List<? extends ExpressionTree> arguments, int position) {
      if (parameters.contains(arguments.get(position).toString())) {
        return; // The callers' texts are read instead.
      }
      for (ExpressionTree choice : choices(arguments.get(position))) {
        FIXES.add(new Described(file + ": " + arguments, text(choice), false));
      }
    }

    private List<ExpressionTree> choices(ExpressionTree expression) {
      if (expression instanceof ConditionalExpressionTree either) {
        return Stream.of(either.getTrueExpression(), either.getFalseExpression())
            .flatMap(choice -> choices(choice).stream())
            .toList();
      }
      ExpressionTree value = values.get(expression.toString());
      return value == null ? List.of(expression) : choices(value);
    }

    /** A constant text; what is only known at run time counts as one word, a call as enough. */
    private String text(ExpressionTree expression) {
      if (expression instanceof LiteralTree literal) {
        return String.valueOf(literal.getValue());
      }
      if (expression instanceof BinaryTree sum) {
        return text(sum.getLeftOperand()) + text(sum.getRightOperand());
      }
      if (expression instanceof NewArrayTree lines) {
        return lines.getInitializers().stream().map(this::text).collect(Collectors.joining(" "));
      }
      if (expression instanceof IdentifierTree name && values.containsKey(name.toString())) {
        return "«" + name + "»";
      }
      return expression instanceof MethodInvocationTree call ? "«the text of " + call + "»" : "«?»";
    }
  }
}
