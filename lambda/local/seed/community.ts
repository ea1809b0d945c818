import type { ReactionKind, Role } from '../../contract/entities/index.ts';
import type { DiscussionBody } from '../../contract/schemas/discussion.ts';
import type * as z from 'zod';
import type { discussionBody } from '../../contract/schemas/discussion.ts';

export interface Person {
  readonly email: string;
  readonly displayName: string;
  readonly locale: 'ja' | 'en';
  readonly role: Role;
}

const person = (name: string, displayName: string, locale: 'ja' | 'en', role: Role): Person => ({
  email: `${name}@example.com`,
  displayName,
  locale,
  role,
});

/** The admin first. */
export const PEOPLE: readonly [Person, ...Person[]] = [
  person('admin', '運営', 'ja', 'admin'),
  person('hanako', 'はなこ', 'ja', 'creator'),
  person('robin', 'Robin', 'en', 'creator'),
  person('kenji', '健二', 'ja', 'creator'),
  person('mei', '芽衣', 'ja', 'contributor'),
  person('sasha', 'Sasha', 'en', 'contributor'),
  person('taro', '太郎', 'ja', 'contributor'),
  person('yuki', 'ゆき', 'ja', 'contributor'),
  person('noor', 'Noor', 'en', 'viewer'),
  person('aoi', '葵', 'ja', 'viewer'),
];

type Stance = NonNullable<DiscussionBody['ownerStance']>;

/** A post: its author by place among `PEOPLE`, its point by place, and an earlier post of the discussion that it answers. */
export interface Saying {
  readonly by: number;
  readonly point: number;
  readonly stance: Stance;
  readonly text: string;
  readonly answers?: number;
}

export interface Talk {
  readonly owner: number;
  readonly body: z.input<typeof discussionBody>;
  readonly sayings: readonly Saying[];
}

/** What happens in the community, oldest first. */
export const TALKS: readonly Talk[] = [
  {
    owner: 1,
    body: {
      title: '深夜バスを増やすべきか',
      description: '終電のあと、帰る手段がありません。市は深夜バスを増やすべきでしょうか。',
      categories: ['local-politics'],
      tags: ['バス', '深夜'],
      ownerStance: 'pros',
      points: [
        { key: 'cost', title: '費用', order: 0 },
        { parent: 'cost', title: '運賃', order: 0 },
        { title: '安全', order: 1 },
      ],
      knowledge: [{ kind: 'text', text: '終電は0時12分です。', title: '終電の時刻' }],
    },
    sayings: [
      { by: 4, point: 0, stance: 'pros', text: 'タクシー代を考えれば、税金で支える価値があります。' },
      { by: 6, point: 0, stance: 'cons', text: '夜中に乗る人は少なく、赤字になるのではないでしょうか。' },
      { by: 2, point: 0, stance: 'neutral', text: 'Has anybody counted how many people would ride?', answers: 1 },
      { by: 1, point: 0, stance: 'pros', text: '去年の調査では、週末の夜に一台あたり二十二人でした。', answers: 2 },
      { by: 7, point: 1, stance: 'pros', text: '深夜料金は昼の二倍までなら払います。' },
      { by: 5, point: 2, stance: 'pros', text: 'Walking home at two in the morning is worse than any bus.' },
      { by: 3, point: 2, stance: 'unknown', text: '運転手の勤務時間はどうなりますか。' },
    ],
  },
  {
    owner: 2,
    body: {
      title: 'Should schools teach with AI assistants?',
      description: 'Some schools let pupils ask an assistant in class. Does it help them to learn?',
      categories: ['education', 'ai-ml'],
      tags: ['school', 'ai'],
      points: [
        { title: 'Learning', order: 0 },
        { title: 'Fairness', order: 1 },
        { title: 'Teachers', order: 2 },
      ],
    },
    sayings: [
      { by: 5, point: 0, stance: 'pros', text: 'It answers the question that a shy child never asks aloud.' },
      { by: 3, point: 0, stance: 'cons', text: '答えだけを写して、考えなくなる子がいます。' },
      { by: 2, point: 0, stance: 'neutral', text: 'Then the task is wrong, not the tool.', answers: 1 },
      { by: 4, point: 1, stance: 'cons', text: '家に端末がない子は、ここでも遅れます。' },
      { by: 7, point: 2, stance: 'pros', text: '採点の時間が減れば、話す時間が増えます。' },
      { by: 6, point: 2, stance: 'unknown', text: '先生への研修は誰が払うのでしょう。' },
    ],
  },
  {
    owner: 3,
    body: {
      title: '在宅勤務は週に何日がよいか',
      description: '会社に出る日をどう決めるか、経験を聞かせてください。',
      categories: ['employment-labor'],
      tags: ['働き方'],
      points: [
        { title: '集中', order: 0 },
        { title: '相談のしやすさ', order: 1 },
      ],
      knowledge: [{ kind: 'url', url: 'https://example.com/', title: '調査' }],
    },
    sayings: [
      { by: 1, point: 0, stance: 'pros', text: '三日なら、まとまった仕事が終わります。' },
      { by: 6, point: 0, stance: 'cons', text: '家には小さい子がいて、会社のほうが静かです。' },
      { by: 2, point: 1, stance: 'cons', text: 'A question that takes a minute at the desk takes a meeting at home.' },
      { by: 4, point: 1, stance: 'pros', text: '質問を書く癖がつき、あとから読めて助かります。', answers: 2 },
      { by: 5, point: 1, stance: 'neutral', text: 'Two days each, and the team picks them together.' },
    ],
  },
];

/** Who may react, by place; reactions follow from place, so that each start looks the same. */
export const REACTIONS: readonly ReactionKind[] = ['like', 'agree', 'insightful', 'disagree', 'funny'];
