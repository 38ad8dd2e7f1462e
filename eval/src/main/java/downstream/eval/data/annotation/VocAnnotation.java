package downstream.eval.data.annotation;

import downstream.eval.BadInput;
import downstream.eval.data.image.ImageFile;
import downstream.eval.data.image.ImageSize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * One XML file of Pascal VOC.
 *
 * @param filename what it says its image is called, or ""
 * @param size what it says the image's size is; often wrong
 * @param objects its objects; the {@code part}s of an object are not among them
 */
record VocAnnotation(String filename, ImageSize size, List<VocObject> objects) {
  static final VocAnnotation NONE = new VocAnnotation("", ImageSize.UNKNOWN, List.of());

  static VocAnnotation read(Path file, DataIssues issues) {
    Element root = parse(file);
    List<VocObject> objects = new ArrayList<>();
    for (Element object : children(root, "object")) {
      String where = file + ": object " + (objects.size() + 1);
      Optional<Element> corners = children(object, "bndbox").stream().findFirst();
      if (corners.isEmpty()) {
        issues.defect(where, "has no bndbox", "Add xmin, ymin, xmax and ymax");
      } else {
        objects.add(object(where, object, corners.get()));
      }
    }
    ImageSize size =
        children(root, "size").stream()
            .findFirst()
            .map(element -> new ImageSize(whole(element, "width"), whole(element, "height")))
            .orElse(ImageSize.UNKNOWN);
    return new VocAnnotation(text(root, "filename"), size, objects);
  }

  private static VocObject object(String where, Element object, Element corners) {
    return new VocObject(
        where,
        text(object, "name"),
        number(corners, "xmin"),
        number(corners, "ymin"),
        number(corners, "xmax"),
        number(corners, "ymax"),
        text(object, "difficult").equals("1"));
  }

  private static Element parse(Path file) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return builder.parse(new ByteArrayInputStream(ImageFile.bytes(file))).getDocumentElement();
    } catch (SAXParseException e) {
      String line = file + ", line " + e.getLineNumber();
      throw new BadInput(
          line, "is not XML: " + e.getMessage(), "Download the file again, or correct the XML", e);
    } catch (SAXException | IOException e) {
      throw new BadInput(
          file, "is not XML: " + e.getMessage(), "Download the file again, or correct the XML", e);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("the JDK's parser can refuse a doctype", e);
    }
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> children = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        children.add(element);
      }
    }
    return children;
  }

  private static String text(Element parent, String name) {
    return children(parent, name).stream()
        .findFirst()
        .map(element -> element.getTextContent().strip())
        .orElse("");
  }

  /** NaN where there is no number, which is found when the box is checked. */
  private static double number(Element parent, String name) {
    try {
      return Double.parseDouble(text(parent, name));
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static int whole(Element parent, String name) {
    double value = number(parent, name);
    return value > 0 && value < 1e6 ? (int) value : 0;
  }
}
