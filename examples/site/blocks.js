/**
 * One block as an element of the page. What a block holds is text of somebody else: it becomes text nodes, never HTML.
 * @param {import('outkit/stream').Block} block
 */
export function elementOf({ component, props }) {
  switch (component) {
    case 'text':
      return element('div', { className: 'text' }, [props.content]);
    case 'table':
      return element('table', {}, [
        element('thead', {}, [rowOf('th', props.columns)]),
        element(
          'tbody',
          {},
          props.rows.map((row) =>
            rowOf(
              'td',
              props.columns.map((column) => row[column] ?? ''),
            ),
          ),
        ),
      ]);
    case 'checkbox':
      return element('ul', { className: 'tasks' }, props.items.map(taskOf));
    case 'steps':
      return element(
        'ol',
        { start: props.start },
        props.steps.map(({ content }) => element('li', {}, [content])),
      );
    case 'alert':
      return element('blockquote', {}, [element('strong', {}, [props.title ?? props.kind]), ` ${props.content}`]);
    case 'code':
      return element('pre', {}, [props.code]);
    default:
      // A chart needs a library of your choice; these are its figures.
      return element('pre', {}, [JSON.stringify(props, null, 2)]);
  }
}

function rowOf(cell, texts) {
  return element(
    'tr',
    {},
    texts.map((text) => element(cell, {}, [text])),
  );
}

function taskOf({ content, checked }) {
  const box = element('input', { type: 'checkbox', checked, disabled: true }, []);
  return element('li', {}, [element('label', {}, [box, ` ${content}`])]);
}

function element(name, properties, children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
