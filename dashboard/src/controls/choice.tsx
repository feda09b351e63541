import { Select } from '@base-ui/react/select';
import { buttonClass } from './button.tsx';
import styles from './controls.module.css';
import { Icon } from './icon.tsx';

interface ChoiceProps<Value extends string> {
  /** For screen readers: the value says it to others. */
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

/** One of a few values. */
export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <Select.Root items={options} value={value} onValueChange={(next) => next !== null && onChange(next)}>
      <Select.Trigger className={buttonClass('secondary', styles.select)} aria-label={label}>
        <Select.Value />
        <Icon name="chevrons" />
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner className={styles.positioner} sideOffset={4} alignItemWithTrigger={false}>
          <Select.Popup className={styles.popup}>
            <Select.List>
              {options.map((option) => (
                <Select.Item key={option.value} value={option.value} className={styles.item}>
                  <Select.ItemText className={styles.itemText}>{option.label}</Select.ItemText>
                  <Icon name="check" className={styles.check} />
                </Select.Item>
              ))}
            </Select.List>
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  );
}
